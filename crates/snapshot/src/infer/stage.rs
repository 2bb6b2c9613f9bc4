//! Words to stages: which word says which stage of a street, which spellings are one stage, and in what order they
//! stand.
//!
//! Only whole words count: a name is split at `-`, `_`, `.` and `/`. Different stages never fold: `uat`, `staging`,
//! `preprod` and `acc` are four, and `dev1` is not `dev2`.

use std::collections::BTreeSet;
use std::fmt;

/// A stage: one that the table knows, numbered or not, or one that only the input knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stage {
    /// How far along the street; unknown stages stand before production.
    pub rank: u32,
    /// Whether this is production.
    pub production: bool,
    /// The canonical spelling, or the word itself where the table has none.
    pub name: String,
}

/// What a word or a name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The stage.
    pub stage: Stage,
    /// How it is spelt there.
    pub spelling: String,
    /// What is left of the name, words joined by `-`: the street's part.
    pub rest: String,
    /// What of that stands before the stage.
    pub stem: String,
    /// Whether it stands on its own. If not, it holds only where the same rest, or the same stem, occurs with another
    /// stage.
    pub sure: bool,
}

/// How much a word says by itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// An English word that names components as often as stages: never by itself.
    Faint,
    /// The last word of a name, else not by itself.
    Weak,
    /// The last word of a name, or the whole of a folder's.
    Strong,
}

use Weight::{Faint, Strong, Weak};

/// A stage of the table: its canonical spelling and every spelling with its weight, in order of rank.
type Row = (&'static str, &'static [(&'static str, Weight)]);

const PRODUCTION: &str = "prod";
const PRODUCTION_RANK: u32 = 1000;

/// The stages people use, in the order in which a change passes them.
const STAGES: [Row; 17] = [
    ("local", &[("local", Faint)]),
    ("sandbox", &[("sandbox", Weak), ("sbx", Strong)]),
    ("preview", &[("preview", Faint), ("previews", Faint)]),
    ("dev", &[("dev", Strong), ("development", Strong), ("develop", Strong), ("devel", Strong)]),
    ("int", &[("int", Weak), ("integration", Faint), ("intg", Weak)]),
    ("sit", &[("sit", Weak)]),
    ("test", &[("test", Weak), ("tst", Strong), ("testing", Faint)]),
    ("e2e", &[("e2e", Weak)]),
    ("qa", &[("qa", Weak)]),
    ("perf", &[("perf", Weak), ("performance", Faint), ("loadtest", Weak)]),
    ("training", &[("training", Faint), ("train", Faint)]),
    ("demo", &[("demo", Weak)]),
    ("nonprod", &[("nonprod", Strong), ("nonproduction", Strong), ("nonprd", Strong)]),
    ("uat", &[("uat", Strong)]),
    ("acc", &[("acc", Strong), ("acceptance", Strong), ("accept", Faint), ("acpt", Strong)]),
    ("staging", &[("staging", Strong), ("stage", Weak), ("stg", Strong), ("stag", Weak)]),
    ("preprod", &[("preprod", Strong), ("preproduction", Strong), ("preprd", Strong), ("ppd", Weak)]),
];

/// Production's spellings, apart from the table because nothing else is production.
const PRODUCTIONS: [(&str, Weight); 4] = [("prod", Strong), ("prd", Strong), ("production", Strong), ("live", Faint)];

/// What turns the word after it into another stage: `pre-prod` is a stage of its own, `non-prod` anything but
/// production.
const PREFIXES: [(&str, &str); 2] = [("pre", "preprod"), ("non", "nonprod")];

/// The rank of what the table does not know: after everything in it but `preprod`, which is the last row.
const UNKNOWN_RANK: u32 = 155;

/// How a folder's or file's name may go on without being a street: `overlay-prod`, `values-prod.yaml`.
const SCAFFOLD: [&str; 12] = [
    "overlay",
    "overlays",
    "env",
    "environment",
    "values",
    "kustomization",
    "namespace",
    "k8s",
    "deploy",
    "yaml",
    "yml",
    "json",
];

impl Stage {
    /// The stage of the table with this canonical spelling.
    fn known(name: &str) -> Self {
        let position = STAGES.iter().position(|(canonical, _)| *canonical == name);
        let rank = position.and_then(|position| u32::try_from(position * 10).ok()).unwrap_or(PRODUCTION_RANK);
        Self { rank, production: name == PRODUCTION, name: name.to_owned() }
    }

    /// A stage that only the input knows.
    fn own(value: &str) -> Self {
        Self { rank: UNKNOWN_RANK, production: false, name: value.to_owned() }
    }

    /// Whether only the input knows it.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.rank == UNKNOWN_RANK
    }

    /// This stage with a number: `dev2`, which `dev-02` is too.
    fn numbered(mut self, number: &str) -> Self {
        let significant = number.trim_start_matches('0');
        self.name.push_str(if significant.is_empty() { "0" } else { significant });
        self
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)
    }
}

/// The stage that a value under a key such as `environment` says. Any value is one: the stage of the table that it says
/// alone, among other words or not (`prod-eu`), or else one that only the input knows (`archive`, `test-production`).
#[must_use]
pub fn of_value(value: &str) -> Option<Found> {
    let value = value.trim().to_ascii_lowercase();
    if value.is_empty() {
        return None;
    }
    let alone = whole(&value).map(|(stage, _)| stage);
    let among = || {
        let words = words(&value);
        let said = words.iter().filter_map(|word| word.stage.as_ref()).filter(|(_, weight)| *weight != Faint);
        let said: BTreeSet<&Stage> = said.map(|(stage, _)| stage).collect();
        said.first().filter(|_| said.len() == 1).map(|stage| (*stage).clone())
    };
    let stage = alone.or_else(among).unwrap_or_else(|| Stage::own(&value));
    Some(Found { stage, spelling: value, rest: String::new(), stem: String::new(), sure: true })
}

/// The stage of the table that a word says as a whole, such as a label's value.
#[must_use]
pub fn of_word(word: &str) -> Option<Found> {
    let word = word.trim().to_ascii_lowercase();
    let (stage, weight) = whole(&word)?;
    Some(Found { stage, spelling: word, rest: String::new(), stem: String::new(), sure: weight == Strong })
}

/// Every spelling of the stage that a word says, but those that are English words as often; the word alone where it
/// says none.
#[must_use]
pub fn spellings(word: &str) -> Vec<String> {
    let word = word.trim().to_ascii_lowercase();
    let mut spellings = vec![word.clone()];
    let Some((stage, _)) = whole(&word) else { return spellings };
    let table = STAGES.iter().find(|(name, _)| *name == stage.name).map(|(_, spellings)| *spellings);
    let all = table.or_else(|| (stage.name == PRODUCTION).then_some(PRODUCTIONS.as_slice())).unwrap_or_default();
    let own = all.iter().filter(|(_, weight)| *weight != Faint).map(|(spelling, _)| (*spelling).to_owned());
    spellings.extend(own.filter(|spelling| *spelling != word));
    spellings
}

/// The stage that a name says among other words: the last word, else the first one that says one strongly.
#[must_use]
pub fn of_name(name: &str) -> Option<Found> {
    if let Some(found) = of_word(name) {
        return Some(found);
    }
    let lower = name.to_ascii_lowercase();
    let words = words(&lower);
    let last = words.len().checked_sub(1)?;
    let says = |position: usize| words.get(position).and_then(|word| word.stage.as_ref());
    let at_end = says(last).filter(|(_, weight)| *weight != Faint).map(|_| (last, true));
    let within = || (0..last).rev().find(|position| says(*position).is_some_and(|(_, weight)| *weight == Strong));
    let faint_end = || says(last).map(|_| (last, false));
    let (position, sure) = at_end.or_else(|| within().map(|position| (position, false))).or_else(faint_end)?;
    let word = words.get(position)?;
    let (stage, _) = word.stage.clone()?;
    let text = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
    let stem = text(words.get(..position).unwrap_or_default());
    let rest = [stem.as_slice(), &text(words.get(position + 1..).unwrap_or_default())].concat();
    Some(Found { stage, spelling: word.text.clone(), rest: rest.join("-"), stem: stem.join("-"), sure })
}

/// The stage that a folder's or file's name says; words such as `overlay` or `values` are no street's.
#[must_use]
pub fn of_folder(name: &str) -> Option<Found> {
    let mut found = of_name(name)?;
    let rest: Vec<&str> = found.rest.split('-').filter(|word| !SCAFFOLD.contains(word)).collect();
    found.rest = rest.join("-");
    Some(found)
}

/// A word of a name and the stage it says, with the words and numbers that belong to it (`pre-prod`, `dev-2`).
struct Word {
    text: String,
    stage: Option<(Stage, Weight)>,
}

/// Splits a name into words.
fn words(name: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for token in name.split(['-', '_', '.', '/', ' ']).filter(|token| !token.is_empty()) {
        let joined =
            words.last().and_then(|previous| joined(previous, token).map(|stage| (previous.text.clone(), stage)));
        match joined {
            Some((previous, stage)) => {
                words.pop();
                words.push(Word { text: format!("{previous}-{token}"), stage: Some(stage) });
            }
            None => words.push(Word { text: token.to_owned(), stage: single(token) }),
        }
    }
    words
}

/// The stage that a token says together with the word before it.
fn joined(previous: &Word, token: &str) -> Option<(Stage, Weight)> {
    if let Some((_, name)) = PREFIXES.iter().find(|(prefix, _)| *prefix == previous.text) {
        let production = spelt(token).is_some_and(|(stage, weight)| stage.production && weight == Strong);
        return production.then(|| (Stage::known(name), Strong));
    }
    let (stage, weight) = previous.stage.clone()?;
    let is_number = token.len() <= 2 && token.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && weight != Faint && !previous.text.contains(|digit: char| digit.is_ascii_digit()))
        .then(|| (stage.numbered(token), weight))
}

/// The stage that one token says, with a number at its end or without.
fn single(token: &str) -> Option<(Stage, Weight)> {
    if let Some(found) = spelt(token) {
        return Some(found);
    }
    let letters = token.trim_end_matches(|digit: char| digit.is_ascii_digit());
    let number = token.get(letters.len()..).filter(|number| !number.is_empty() && number.len() <= 2)?;
    let (stage, weight) = spelt(letters).filter(|(_, weight)| *weight != Faint)?;
    Some((stage.numbered(number), weight))
}

/// The stage that this very spelling says.
fn spelt(token: &str) -> Option<(Stage, Weight)> {
    let weight = |spellings: &[(&str, Weight)]| {
        spellings.iter().find(|(spelling, _)| *spelling == token).map(|(_, weight)| *weight)
    };
    if let Some(weight) = weight(&PRODUCTIONS) {
        return Some((Stage::known(PRODUCTION), weight));
    }
    STAGES.iter().find_map(|(name, spellings)| Some((Stage::known(name), weight(spellings)?)))
}

/// The stage that the whole of a text says.
fn whole(text: &str) -> Option<(Stage, Weight)> {
    match words(text).as_slice() {
        [word] => word.stage.clone(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name, and the stage, the rest and the sureness expected of it; an empty stage for none.
    #[rustfmt::skip]
    const NAMES: &[(&str, &str, &str, bool)] = &[
        // Every spelling of every stage, as a word of its own at the end of a name.
        ("shop-dev", "dev", "shop", true), ("shop-development", "dev", "shop", true),
        ("shop-develop", "dev", "shop", true), ("shop-devel", "dev", "shop", true),
        ("shop-tst", "test", "shop", true), ("shop-test", "test", "shop", true),
        ("shop-testing", "test", "shop", false), ("shop-acc", "acc", "shop", true),
        ("shop-acceptance", "acc", "shop", true), ("shop-accept", "acc", "shop", false),
        ("shop-acpt", "acc", "shop", true), ("shop-prd", "prod", "shop", true),
        ("shop-prod", "prod", "shop", true), ("shop-production", "prod", "shop", true),
        ("shop-staging", "staging", "shop", true), ("shop-stage", "staging", "shop", true),
        ("shop-stg", "staging", "shop", true), ("shop-stag", "staging", "shop", true),
        ("shop-preprod", "preprod", "shop", true), ("shop-preproduction", "preprod", "shop", true),
        ("shop-preprd", "preprod", "shop", true), ("shop-pre-prod", "preprod", "shop", true),
        ("shop-pre-production", "preprod", "shop", true), ("shop_pre_prd", "preprod", "shop", true),
        ("shop-ppd", "preprod", "shop", true), ("shop-uat", "uat", "shop", true),
        ("shop-qa", "qa", "shop", true), ("shop-sandbox", "sandbox", "shop", true),
        ("shop-sbx", "sandbox", "shop", true), ("shop-demo", "demo", "shop", true),
        ("shop-int", "int", "shop", true), ("shop-intg", "int", "shop", true),
        ("shop-integration", "int", "shop", false), ("shop-perf", "perf", "shop", true),
        ("shop-performance", "perf", "shop", false), ("shop-loadtest", "perf", "shop", true),
        ("shop-sit", "sit", "shop", true), ("shop-e2e", "e2e", "shop", true),
        ("shop-training", "training", "shop", false), ("shop-train", "training", "shop", false),
        ("shop-local", "local", "shop", false), ("shop-preview", "preview", "shop", false),
        ("shop-nonprod", "nonprod", "shop", true), ("shop-non-prod", "nonprod", "shop", true),
        ("shop-non-production", "nonprod", "shop", true),
        // Alone.
        ("dev", "dev", "", true), ("prd", "prod", "", true), ("production", "prod", "", true),
        ("staging", "staging", "", true), ("preprod", "preprod", "", true), ("pre-prod", "preprod", "", true),
        ("uat", "uat", "", true), ("acc", "acc", "", true), ("tst", "test", "", true),
        ("test", "test", "", false), ("demo", "demo", "", false), ("qa", "qa", "", false),
        ("integration", "int", "", false), ("performance", "perf", "", false), ("live", "prod", "", false),
        ("non-prod", "nonprod", "", true), ("DEV", "dev", "", true), ("Production", "prod", "", true),
        // Elsewhere in the name: only with a counterpart.
        ("dev-portal", "dev", "portal", false), ("prod-shop", "prod", "shop", false),
        ("shop-dev-web", "dev", "shop-web", false), ("shop.prd.example", "prod", "shop-example", false),
        ("stone-prd-rh01", "prod", "stone-rh01", false), ("cccd-dev-lgfs", "dev", "cccd-lgfs", false),
        ("production-fwi", "prod", "fwi", false), ("stg-tmc-example", "staging", "tmc-example", false),
        ("shop-prod-eu", "prod", "shop-eu", false), ("konflux-public-staging", "staging", "konflux-public", true),
        // Several: the last word holds.
        ("platform-test-dev", "dev", "platform-test", true), ("platform-live-production", "prod", "platform-live", true),
        ("ky-dev-test", "test", "ky-dev", true), ("integration-api-dev", "dev", "integration-api", true),
        // Numbers are stages of their own, however they are written.
        ("dev1", "dev1", "", true), ("dev-2", "dev2", "", true), ("shop-dev2", "dev2", "shop", true),
        ("shop-dev-2", "dev2", "shop", true), ("shop-dev-02", "dev2", "shop", true),
        ("licence-test1", "test1", "licence", true), ("shop-prod-1", "prod1", "shop", true),
        ("shop-uat3", "uat3", "shop", true),
        // Other separators.
        ("shop_prd", "prod", "shop", true), ("shop.prd", "prod", "shop", true), ("team/shop/acc", "acc", "team-shop", true),
        // Traps: nothing at all.
        ("product", "", "", false), ("products", "", "", false), ("productpage", "", "", false),
        ("producer", "", "", false), ("reproduction", "", "", false), ("devops", "", "", false),
        ("device", "", "", false), ("developer", "", "", false), ("testing-library", "", "", false),
        ("test-viewer", "", "", false), ("latest", "", "", false), ("contest", "", "", false),
        ("attest", "", "", false), ("tester", "", "", false), ("account", "", "", false), ("acceptor", "", "", false),
        ("accounts", "", "", false), ("access", "", "", false), ("interval", "", "", false), ("internal", "", "", false),
        ("point", "", "", false), ("stages", "", "", false), ("backstage", "", "", false), ("stage-manager", "", "", false),
        ("demographics", "", "", false), ("site", "", "", false), ("sitemap", "", "", false), ("quality", "", "", false),
        ("liveness", "", "", false), ("live-2.cluster.example", "", "", false), ("delivery", "", "", false),
        ("mpdev", "", "", false), ("dnstest", "", "", false), ("nettest", "", "", false), ("preview-app", "", "", false),
        ("perform", "", "", false), ("constraint", "", "", false), ("trainer", "", "", false), ("locale", "", "", false),
        ("base", "", "", false), ("shop", "", "", false), ("default", "", "", false), ("kube-system", "", "", false),
        ("integration-service", "", "", false), ("demo-kit", "", "", false), ("pre-sentence", "", "", false),
        ("", "", "", false), ("---", "", "", false), ("prototype", "", "", false), ("v1", "", "", false),
    ];

    #[test]
    fn names_say_their_stage_or_nothing() {
        for (name, stage, rest, sure) in NAMES {
            let found = of_name(name);
            let said = found
                .as_ref()
                .map_or(("", "", false), |found| (found.stage.name.as_str(), found.rest.as_str(), found.sure));
            assert_eq!(said, (*stage, *rest, *sure), "{name}");
        }
    }

    #[test]
    fn only_production_is_production() {
        for (name, stage, ..) in NAMES {
            let production = of_name(name).is_some_and(|found| found.stage.production);
            assert_eq!(production, matches!(*stage, "prod" | "prod1"), "{name}");
        }
    }

    #[test]
    fn stages_are_ordered_as_a_change_passes_them() {
        let order = ["sandbox", "dev", "int", "test", "qa", "uat", "acc", "staging", "preprod", "prd"];
        let ranks: Vec<u32> = order.iter().filter_map(|word| Some(of_word(word)?.stage.rank)).collect();
        assert_eq!(ranks.len(), order.len());
        assert!(ranks.windows(2).all(|pair| pair[0] < pair[1]), "{ranks:?}");
    }

    #[test]
    fn any_value_of_an_environment_label_is_a_stage() {
        let stage = |value: &str| of_value(value).map(|found| (found.stage.name, found.stage.production));
        assert_eq!(stage("Production"), Some(("prod".to_owned(), true)));
        assert_eq!(stage("prod-eu"), Some(("prod".to_owned(), true)));
        assert_eq!(stage("api-sandbox"), Some(("sandbox".to_owned(), false)));
        assert_eq!(stage("archive"), Some(("archive".to_owned(), false)));
        assert_eq!(stage("live-dev"), Some(("dev".to_owned(), false)));
        assert_eq!(stage("test-production"), Some(("test-production".to_owned(), false)));
        assert_eq!(stage("live"), Some(("prod".to_owned(), true)));
        assert_eq!(stage(" "), None);
    }

    #[test]
    fn scaffolding_is_no_street() {
        let rest = |name: &str| of_folder(name).map(|found| found.rest);
        assert_eq!(rest("overlay-prod"), Some(String::new()));
        assert_eq!(rest("values-prod.yaml"), Some(String::new()));
        assert_eq!(rest("shop-prod"), Some("shop".to_owned()));
    }
}
