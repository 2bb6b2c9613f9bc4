//! What the user says of environments, streets and clusters, over anything that is found: `NAME=SELECTOR`.

use crate::reading::{Context, NoticeKind};
use dtap_model::label::Label;
use globset::{GlobBuilder, GlobMatcher};
use std::cell::Cell;
use std::fmt;

/// What the user says, in order; the first that matches holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    /// `--environment NAME=SELECTOR`.
    pub environments: Vec<(String, Selector)>,
    /// `--street NAME=SELECTOR`.
    pub streets: Vec<(String, Selector)>,
    /// `--cluster NAME=SELECTOR`.
    pub clusters: Vec<(String, Selector)>,
}

/// What a correction is about. In a glob `*` matches within a folder and `**` across folders.
#[derive(Clone, Debug)]
pub enum Selector {
    /// `namespace:GLOB`.
    Namespace(GlobMatcher),
    /// `label:KEY=VALUE`, on the object itself or on its Namespace.
    Label(String, String),
    /// `path:GLOB`: a file, or a folder and everything below it, as the user typed it, or from there on.
    Path(GlobMatcher),
    /// `cluster:NAME`, the name that was found.
    Cluster(String),
}

/// Why a correction could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionError(String);

/// What a selector is held against.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    /// The namespace, where it names one.
    pub namespace: Option<&'a str>,
    /// Its own labels.
    pub labels: &'a [Label],
    /// The labels of its Namespace.
    pub namespace_labels: &'a [Label],
    /// Where it stands; none for a Namespace that no object declares.
    pub context: Option<&'a Context>,
    /// The cluster that was found.
    pub cluster: Option<&'a str>,
}

/// Reads `NAME=SELECTOR`, as `--environment`, `--street` and `--cluster` take it.
///
/// # Errors
/// Says what was given and what is accepted.
pub fn parse(text: &str) -> Result<(String, Selector), CorrectionError> {
    let wrong = |what: &str| CorrectionError(format!("`{text}`: {what}"));
    let (name, selector) = text.split_once('=').ok_or_else(|| wrong("no `=` between name and selector"))?;
    let name = name.trim();
    if name.is_empty() {
        return Err(wrong("no name before `=`"));
    }
    if name.contains(':') {
        return Err(wrong("no name before the selector"));
    }
    Ok((name.to_owned(), selector.parse().map_err(|CorrectionError(what)| wrong(&what))?))
}

impl std::str::FromStr for Selector {
    type Err = CorrectionError;

    fn from_str(text: &str) -> Result<Self, CorrectionError> {
        let wrong = |what: String| CorrectionError(what);
        let (what, value) =
            text.split_once(':').ok_or_else(|| wrong(format!("the selector `{text}` says not what it selects by")))?;
        if value.is_empty() {
            return Err(wrong(format!("nothing after `{what}:`")));
        }
        match what {
            "namespace" => Ok(Self::Namespace(glob(value)?)),
            "path" => {
                // A folder is what lies below it, too, and a rendered one is that folder itself.
                let path = value.trim_start_matches("./").trim_end_matches('/');
                Ok(Self::Path(glob(path.strip_suffix("/**").unwrap_or(path))?))
            }
            "cluster" => Ok(Self::Cluster(value.to_owned())),
            "label" => match value.split_once('=') {
                Some((key, value)) if !key.is_empty() => Ok(Self::Label(key.to_owned(), value.to_owned())),
                _ => Err(wrong("a label is selected by KEY=VALUE".to_owned())),
            },
            _ => Err(wrong(format!("nothing is selected by `{what}`"))),
        }
    }
}

fn glob(pattern: &str) -> Result<GlobMatcher, CorrectionError> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    Ok(glob.map_err(|error| CorrectionError(format!("no glob: {}", error.kind())))?.compile_matcher())
}

impl Selector {
    /// Whether it selects this.
    pub(super) fn matches(&self, subject: &Subject<'_>) -> bool {
        match self {
            Self::Namespace(glob) => subject.namespace.is_some_and(|name| glob.is_match(name)),
            Self::Path(glob) => subject.context.is_some_and(|context| {
                let below = context.path.split('/').skip(context.above).collect::<Vec<_>>().join("/");
                within(glob, &context.path) || context.above > 0 && within(glob, &below)
            }),
            Self::Cluster(name) => subject.cluster == Some(name),
            Self::Label(key, value) => {
                let says = |labels: &[Label]| labels.iter().any(|(k, v)| k == key && v == value);
                says(subject.labels) || says(subject.namespace_labels)
            }
        }
    }
}

/// Whether the glob matches the path or a folder above it.
fn within(glob: &GlobMatcher, path: &str) -> bool {
    let path = path.trim_start_matches("./");
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    ends.filter_map(|end| path.get(..end)).any(|folder| glob.is_match(folder))
}

/// The corrections of one option, in order, and what came of each.
pub(super) struct Heeded<'c>(Vec<(&'c str, &'c Selector, Cell<Outcome>)>);

/// What came of a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// It selected nothing that it was held against.
    Nothing,
    /// Whatever it selected an earlier one had taken.
    Overruled,
    /// It was taken.
    Taken,
}

impl<'c> Heeded<'c> {
    /// These corrections, none of them taken yet.
    pub fn of(corrections: &'c [(String, Selector)]) -> Self {
        let fresh = |(name, selector): &'c (String, Selector)| (name.as_str(), selector, Cell::new(Outcome::Nothing));
        Self(corrections.iter().map(fresh).collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first correction that selects this: it is taken.
    pub fn first(&self, subject: &Subject<'_>) -> Option<&'c str> {
        let mut first = None;
        for (name, _, outcome) in self.0.iter().filter(|(_, selector, _)| selector.matches(subject)) {
            outcome.set(outcome.get().max(if first.is_none() { Outcome::Taken } else { Outcome::Overruled }));
            first = first.or(Some(*name));
        }
        first
    }

    /// Those that were never taken, as typed under this option, and why.
    pub fn idle(&self, option: &str) -> Vec<NoticeKind> {
        let why = |outcome| match outcome {
            Outcome::Nothing => Some("it selects nothing that it could decide"),
            Outcome::Overruled => Some("an earlier one takes all that it selects"),
            Outcome::Taken => None,
        };
        let idle = |(name, selector, outcome): &(&str, &Selector, Cell<Outcome>)| {
            let why = why(outcome.get())?.to_owned();
            Some(NoticeKind::OptionWithoutEffect { option: format!("{option} {name}={selector}"), why })
        };
        self.0.iter().filter_map(idle).collect()
    }
}

impl PartialEq for Selector {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Selector {}

impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace(glob) => write!(out, "namespace:{}", glob.glob()),
            Self::Label(key, value) => write!(out, "label:{key}={value}"),
            Self::Path(glob) => write!(out, "path:{}", glob.glob()),
            Self::Cluster(name) => write!(out, "cluster:{name}"),
        }
    }
}

impl fmt::Display for CorrectionError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(what) = self;
        write!(
            out,
            "{what}; give NAME=SELECTOR, where SELECTOR is one of namespace:GLOB, label:KEY=VALUE, path:GLOB, cluster:NAME"
        )
    }
}

impl std::error::Error for CorrectionError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn selects(selector: &str, namespace: &str, path: &str) -> bool {
        let context = Context { path: path.to_owned(), ..Context::default() };
        let labels = [("team".into(), "shop".into())];
        let subject = Subject {
            namespace: Some(namespace),
            labels: &labels,
            namespace_labels: &[("tier".into(), "gold".into())],
            context: Some(&context),
            cluster: Some("live"),
        };
        selector.parse::<Selector>().unwrap().matches(&subject)
    }

    #[test]
    fn every_kind_of_selector_selects_what_it_says() {
        for (selector, expected) in [
            ("namespace:shop-*", true),
            ("namespace:shop", false),
            ("namespace:*-dev", true),
            ("label:team=shop", true),
            ("label:tier=gold", true),
            ("label:team=", false),
            ("path:deploy/dev", true),
            ("path:./deploy/dev/", true),
            ("path:deploy/*", true),
            ("path:deploy/dev/web.yaml/**", true),
            ("path:deploy/de", false),
            ("path:**/web.yaml", true),
            ("path:*.yaml", false),
            ("cluster:live", true),
            ("cluster:liv", false),
        ] {
            assert_eq!(selects(selector, "shop-dev", "deploy/dev/web.yaml"), expected, "{selector}");
        }
    }

    #[test]
    fn a_correction_that_cannot_be_read_says_what_is_accepted() {
        for text in [
            "",
            "prd",
            "=namespace:a",
            "prd=",
            "prd=ns:a",
            "prd=namespace:",
            "prd=label:a",
            "namespace:a=b",
            "p=path:[",
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(&format!("`{text}`")) && error.contains("label:KEY=VALUE"), "{error}");
        }
        let (name, selector) = parse("prd=label:env=prod").unwrap();
        assert_eq!((name.as_str(), selector.to_string().as_str()), ("prd", "label:env=prod"));
    }
}
