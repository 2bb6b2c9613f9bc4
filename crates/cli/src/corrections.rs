//! `--environment`, `--street`, `--cluster NAME=SELECTOR` and `--assume NAME[=VALUE]`, as values.

use crate::arguments::{Input, Judging};
use crate::failure::Failure;
use dtap_snapshot::infer::{Corrections, Selector};
use dtap_verify::{Assumed, Settings};

/// The assumptions that can be vouched for, with the value each takes.
const ASSUMPTIONS: [(&str, &str); 5] = [
    ("cni-enforces", ""),
    ("input-complete", ""),
    ("no-host-network", ""),
    ("ip-block-matches-pods", "yes|no|unknown"),
    ("pod-range", "CIDR,…"),
];

/// What the user says of environments, streets and clusters.
pub fn corrections(input: &Input) -> Result<Corrections, Failure> {
    let all = |option: &'static str, typed: &[String]| {
        typed.iter().map(|value| correction(option, value)).collect::<Result<Vec<_>, _>>()
    };
    Ok(Corrections {
        environments: all("--environment", &input.environments)?,
        streets: all("--street", &input.streets)?,
        clusters: all("--cluster", &input.clusters)?,
    })
}

fn correction(option: &'static str, typed: &str) -> Result<(String, Selector), Failure> {
    let wrong = |why: &str| Failure::Value {
        option,
        value: typed.to_owned(),
        why: why.to_owned(),
        hint: format!(
            "{option} NAME=SELECTOR, where SELECTOR is namespace:GLOB, label:KEY=VALUE, path:GLOB or cluster:NAME"
        ),
    };
    let (name, selector) = typed.split_once('=').ok_or_else(|| wrong("there is no `=`"))?;
    let (by, what) = selector.split_once(':').ok_or_else(|| wrong("the selector does not say by what it selects"))?;
    if name.is_empty() || what.is_empty() {
        return Err(wrong("the name or the selector is empty"));
    }
    let selector = match by {
        "namespace" => Selector::Namespace(what.to_owned()),
        "path" => Selector::Path(what.to_owned()),
        "cluster" => Selector::Cluster(what.to_owned()),
        "label" => {
            let (key, value) = what.split_once('=').ok_or_else(|| wrong("a label selector is label:KEY=VALUE"))?;
            Selector::Label(key.to_owned(), value.to_owned())
        }
        _ => {
            let known = ["namespace", "label", "path", "cluster"];
            let meant =
                crate::similar::closest(by, known.into_iter()).map(|meant| format!(", did you mean `{meant}`?"));
            return Err(wrong(&format!("nothing is selected by `{by}`{}", meant.unwrap_or_default())));
        }
    };
    Ok((name.to_owned(), selector))
}

/// How to judge.
pub fn settings(judging: &Judging) -> Result<Settings, Failure> {
    let mut assume = Assumed::default();
    for typed in &judging.assume {
        let (name, value) = typed.split_once('=').map_or((typed.as_str(), None), |(name, value)| (name, Some(value)));
        let takes = ASSUMPTIONS.iter().find(|(known, _)| *known == name).map(|(_, takes)| *takes);
        let Some(takes) = takes else {
            let known = ASSUMPTIONS.iter().map(|(known, _)| (*known).to_owned()).collect();
            return Err(Failure::Unknown { what: "assumption", name: name.to_owned(), known });
        };
        take(&mut assume, name, value).ok_or_else(|| Failure::Value {
            option: "--assume",
            value: typed.clone(),
            why: if takes.is_empty() { "it takes no value".to_owned() } else { format!("its value is {takes}") },
            hint: format!("--assume {name}{}{takes}", if takes.is_empty() { "" } else { "=" }),
        })?;
    }
    Ok(Settings { strict: judging.strict, assume })
}

/// Takes one assumption; none where its value is wrong.
fn take(assume: &mut Assumed, name: &str, value: Option<&str>) -> Option<()> {
    match (name, value) {
        ("cni-enforces", None) => assume.cni_enforces = true,
        ("input-complete", None) => assume.input_complete = true,
        ("no-host-network", None) => assume.no_host_network = true,
        ("ip-block-matches-pods", Some("yes")) => assume.ip_block_matches_pods = Some(true),
        ("ip-block-matches-pods", Some("no")) => assume.ip_block_matches_pods = Some(false),
        ("ip-block-matches-pods", Some("unknown")) => assume.ip_block_matches_pods = None,
        ("pod-range", Some(ranges)) => {
            let ranges: Result<Vec<ipnet::IpNet>, _> = ranges.split(',').map(|range| range.trim().parse()).collect();
            assume.pod_ranges.get_or_insert_default().extend(ranges.ok()?);
        }
        _ => return None,
    }
    Some(())
}
