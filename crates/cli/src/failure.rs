//! Everything that can go wrong before there is a report, and its one printer. The exit status is 2.

use crate::arguments::Colour;
use crate::output;
use dtap_report::shell::words;
use dtap_verify::isolation::network::reach::{Missing, Sort};
use std::collections::BTreeSet;
use std::fmt;
use std::io;

/// Wrong use, or a world that failed.
#[derive(Debug)]
pub enum Failure {
    /// Paths that do not exist.
    NoSuchPath(Vec<String>),
    /// A value of an option that cannot be read: the option, the value, what is wrong with it.
    Value {
        /// The option, such as `--assume`.
        option: &'static str,
        /// What was typed.
        value: String,
        /// What is wrong.
        why: String,
        /// What to type instead.
        hint: String,
    },
    /// A name of nothing: what it should name, the name, those that there are.
    Unknown {
        /// What it should name, such as `rule`.
        what: &'static str,
        /// What was typed.
        name: String,
        /// What it may be.
        known: Vec<String>,
        /// What lists them all, in a phrase; none where nothing does.
        listed: Option<&'static str>,
    },
    /// An end of `dtap reach` that is not in the input.
    NoEnd {
        /// What is missing.
        missing: Box<Missing>,
        /// The paths that were read, behind the options by which they were.
        typed: Vec<String>,
    },
    /// A name of several things.
    Ambiguous {
        /// What it should name.
        what: &'static str,
        /// What was typed.
        name: String,
        /// What it may mean.
        meanings: Vec<String>,
    },
    /// Standard output cannot be written to.
    Output(io::Error),
}

/// The exit status of every failure.
const STATUS: u8 = 2;

impl Failure {
    /// Prints the failure to standard error and gives the exit status.
    pub fn print(&self, colour: Colour) -> u8 {
        if let Self::Output(error) = self
            && error.kind() == io::ErrorKind::BrokenPipe
        {
            // Whoever read has seen enough. The shell's own convention for a process that SIGPIPE ends.
            return 141;
        }
        let (red, faint, plain) = if output::coloured(colour, &io::stderr()) {
            ("\u{1b}[1m\u{1b}[31m", "\u{1b}[2m", "\u{1b}[0m")
        } else {
            ("", "", "")
        };
        let message = dtap_report::text::harmless(&self.to_string());
        output::complain(&format!("{red}error:{plain} {message}"));
        for hint in self.hints() {
            output::complain(&format!("   {faint}= mend:{plain} {}", dtap_report::text::harmless(&hint)));
        }
        STATUS
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::NoSuchPath(_) => {
                vec!["name files, folders, or `-` for standard input; without any it is `.`".to_owned()]
            }
            Self::Value { hint, .. } => vec![hint.clone()],
            Self::Unknown { name, known, listed, .. } => {
                let closest = crate::similar::closest(name, known.iter().map(String::as_str));
                vec![match (closest, listed) {
                    (Some(closest), _) => format!("did you mean {closest}?"),
                    (None, _) if known.is_empty() => "none was found: dtap scan tells what was looked at".to_owned(),
                    (None, Some(listed)) => format!("{listed}; there are {}", first_few(known)),
                    (None, None) => format!("there are {}", first_few(known)),
                }]
            }
            Self::NoEnd { missing, typed } => of_missing(missing, typed),
            Self::Ambiguous { meanings, .. } => vec![format!("say which: {}", first_few(meanings))],
            Self::Output(_) => Vec::new(),
        }
    }
}

/// What to do about an end that is missing: what to install or mend where it may be in what was not read, and what to
/// type.
fn of_missing(missing: &Missing, input: &[String]) -> Vec<String> {
    let mends: BTreeSet<&String> = missing.unread.iter().filter_map(|unread| unread.hint.as_ref()).collect();
    let closest = crate::similar::closest(&missing.name, missing.known.iter().map(String::as_str));
    let typed = match (&missing.elsewhere, closest) {
        (Some(elsewhere), _) => format!("{elsewhere}; "),
        (None, Some(closest)) => format!("did you mean {closest}? "),
        (None, None) => String::new(),
    };
    let listed = match missing.sort {
        Sort::Workload if missing.known.is_empty() => "it holds none".to_owned(),
        // Nothing else lists workloads, so all of them stand here.
        Sort::Workload => format!("it holds {}", missing.known.join(", ")),
        Sort::Namespace | Sort::Environment => {
            let list = format!("dtap scan -o json {} lists all", words(input));
            let is_guessed = closest.is_some() || missing.elsewhere.is_some() || missing.known.is_empty();
            if is_guessed { list } else { format!("there are {}; {list}", first_few(&missing.known)) }
        }
    };
    mends.into_iter().cloned().chain([format!("{typed}{listed}")]).collect()
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchPath(paths) => {
                // An empty path would be no name at all.
                let named = |path: &String| if path.is_empty() { "''".to_owned() } else { path.clone() };
                let verb = if paths.len() == 1 { "does" } else { "do" };
                write!(out, "{} {verb} not exist", paths.iter().map(named).collect::<Vec<_>>().join(", "))
            }
            Self::Value { option, value, why, .. } => write!(out, "{option} {value}: {why}"),
            Self::Unknown { what, name, .. } => write!(out, "there is no {what} {name}"),
            Self::NoEnd { missing, .. } => missing.fmt(out),
            Self::Ambiguous { what, name, meanings } => {
                write!(out, "{name} is the {what} of {} streets", meanings.len())
            }
            Self::Output(error) => write!(out, "the output cannot be written: {error}"),
        }
    }
}

/// Names, and how many more there are.
fn first_few(names: &[String]) -> String {
    const FEW: usize = 12;
    let shown = names.iter().take(FEW).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(FEW) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
