//! `dtap reach`: whether one end can open a connection to another.

use crate::arguments::{Colour, Format, Reach};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{input, output, settings};
use dtap_report::reach::{Because, Opens, Reachable};
use dtap_report::{json, text};
use dtap_verify::isolation::network::Shown;
use dtap_verify::isolation::network::reach::{self, Answer, Endpoint, Port, Unanswerable};

/// Judges one pair and shows the answer.
pub fn run(command: &Reach, colour: Colour) -> Result<u8, Failure> {
    let settings = settings::of(&command.judging)?;
    let from = Endpoint::parse(&command.from).map_err(|why| wrong(&command.from, why))?;
    let (to, port) = Endpoint::parse_with_port(&command.to).map_err(|why| wrong(&command.to, why))?;
    let progress = Progress::start(command.input.quiet);
    let snapshot = input::snapshot(&command.input, &progress)?;
    input::complain_of_options(&snapshot);
    progress.phase("judging");
    let answer = reach::reach(&snapshot, &settings, &from, &to, port).map_err(|why| unanswerable(command, why))?;
    let told = told(command, port, answer);
    let shown = match command.output {
        Format::Text => {
            let colour = output::coloured(colour, &std::io::stdout());
            text::reach::show(&told, &snapshot.sources, output::width(), colour)
        }
        Format::Json => json::show_reach(&told, &snapshot.sources),
    };
    drop(progress);
    output::print(&shown)?;
    Ok(told.reachable.status())
}

/// What the verifier answered, as it is shown.
fn told(command: &Reach, asked: Option<Port>, answer: Answer) -> dtap_report::reach::Reach {
    let to = match asked {
        Some(_) => command.to.rsplit_once(':').map_or(command.to.as_str(), |(to, _)| to),
        None => command.to.as_str(),
    };
    dtap_report::reach::Reach {
        from: command.from.clone(),
        to: to.to_owned(),
        port: answer.port.or(asked).map(|port| format!("{}/{}", port.number, port.protocol.as_str())),
        opens: opens(&answer),
        reachable: match answer.reachable {
            reach::Reachable::Allowed => Reachable::Allowed,
            reach::Reachable::Denied => Reachable::Denied,
            reach::Reachable::Unknown => Reachable::Unknown,
        },
        because: answer
            .because
            .into_iter()
            .map(|reason| Because { text: reason.text, evidence: reason.evidence })
            .collect(),
    }
}

/// The ports that the answer is about; where none was asked for and none is open, all of them.
fn opens(answer: &Answer) -> Opens {
    match answer.opens {
        Some(Shown::One(protocol, number)) => Opens::One(format!("{number}/{}", protocol.as_str())),
        Some(Shown::EveryOf(protocol)) => Opens::EveryOf(protocol.as_str()),
        Some(Shown::Every) | None => Opens::Every,
    }
}

/// Why there is no answer.
fn unanswerable(command: &Reach, why: Unanswerable) -> Failure {
    match why {
        Unanswerable::Missing(missing) => {
            let typed = [command.input.options(), command.input.paths.clone()].concat();
            Failure::NoEnd { missing, typed }
        }
        Unanswerable::TwoAddresses => wrong(&format!("{} {}", command.from, command.to), why.to_string()),
    }
}

fn wrong(typed: &str, why: String) -> Failure {
    Failure::Value {
        option: "reach",
        value: typed.to_owned(),
        why,
        hint: "dtap reach FROM TO[:PORT[/PROTOCOL]] PATH, such as dtap reach dev:web shop-prd/orders:5432 deploy/"
            .to_owned(),
    }
}
