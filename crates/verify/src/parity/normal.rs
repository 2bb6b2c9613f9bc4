//! When two values say the same of two environments: each names itself where the other does.
//!
//! Only whole words count, and only an environment's own names: `latest` and `product` name nobody, `/dev/shm` is a
//! device, and what names another environment is a difference.

use super::host;
use dtap_model::environment::{Belonging, EnvironmentId, NO_NAMESPACE};
use dtap_snapshot::Snapshot;
use dtap_snapshot::infer::stage;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Words that make another environment of the one they stand before: `pre-prod` is not `prod`.
const TURNING: [&str; 4] = ["pre", "non", "not", "no"];

/// What may follow `/dev/` when it is the folder of devices.
const DEVICES: [&str; 32] = [
    "shm",
    "null",
    "zero",
    "random",
    "urandom",
    "stdin",
    "stdout",
    "stderr",
    "tty",
    "fd",
    "pts",
    "ptmx",
    "console",
    "log",
    "termination-log",
    "disk",
    "mapper",
    "fuse",
    "kvm",
    "net",
    "dri",
    "nvidia",
    "mem",
    "kmsg",
    "loop",
    "mqueue",
    "hugepages",
    "infiniband",
    "vfio",
    "snd",
    "nvme",
    "block",
];

/// Names of stages that are top-level domains, too: `knative.dev` names no environment.
const DOMAINS: [&str; 2] = ["dev", "live"];

/// The names an environment goes by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Spellings of its stage, the longest first.
    stage: Vec<String>,
    /// Its namespaces, the longest name first.
    namespaces: Vec<Own>,
    /// What stands for the namespace of objects that name none: see [`agree`].
    unnamed: Role,
    /// The ASCII characters with which these names begin, a bit each, in both cases.
    initials: u128,
}

/// What a namespace is to its environment: the namespaces of two environments answer to one another when it is the
/// same.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Role {
    /// The words of its name that tell neither the stage nor the street; empty where nothing else is to be told apart.
    pub what: String,
    /// How the namespace is named in the words of every environment; empty where `what` is.
    pub shown: String,
}

impl Role {
    /// Whether there is nothing to tell it apart from.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.what.is_empty()
    }

    /// What stands for the whole name of such a namespace in a text.
    fn word(&self) -> String {
        if self.is_empty() { "{namespace}".to_owned() } else { format!("{{namespace {}}}", self.what) }
    }
}

/// A namespace of an environment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Own {
    name: String,
    /// The name in the words of every environment.
    normal: String,
    /// What of these words, and of the name itself, does not tell the stage and the street.
    what: [String; 2],
    /// What it is to the environment: see [`agree`].
    role: Role,
    /// Whether its name is told as `{namespace}`: not where the stage alone tells it from those of the other
    /// environments, as in `shop-dev` and `shop-prd`.
    told: bool,
}

impl Names {
    /// The names of an environment of the snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot, id: EnvironmentId) -> Self {
        let stage_name = snapshot.environment(id).map_or("", |environment| environment.stage.as_str());
        let street = snapshot
            .environment(id)
            .and_then(|environment| snapshot.street(environment.street))
            .map_or("", |street| street.name.as_str());
        let spelt = snapshot.folds.iter().filter(|(of, _)| *of == id).flat_map(|(_, spelt)| spelt.iter().cloned());
        let namespaces = snapshot
            .namespaces
            .iter()
            .filter(|namespace| namespace.belonging == Belonging::Environment(id))
            .map(|namespace| namespace.name.clone());
        Self::new(stage_name, spelt, street, namespaces.collect())
    }

    /// The names of an environment of this stage, spelt so besides, in a street of this name, with these namespaces.
    #[must_use]
    pub fn new(stage_name: &str, spelt: impl Iterator<Item = String>, street: &str, namespaces: Vec<String>) -> Self {
        let mut names: Vec<String> =
            spelt.chain([stage_name.to_owned()]).flat_map(|name| stage::spellings(&name)).collect();
        let turned: Vec<String> = names.iter().filter_map(|name| hyphenated(name)).collect();
        names.extend(turned);
        names.retain(|name| !name.is_empty());
        longest_first(&mut names, String::len);
        let mut names = Self { initials: initials(&names), stage: names, ..Self::default() };
        let own = |name: String| {
            let normal = names.normal(&name).into_owned();
            let what = [remainder(&normal, street), remainder(&name, street)];
            Own { name, normal, what, role: Role::default(), told: true }
        };
        let mut namespaces: Vec<Own> =
            namespaces.into_iter().filter(|namespace| namespace != NO_NAMESPACE).map(own).collect();
        longest_first(&mut namespaces, |own| own.name.len());
        names.initials |= initials(namespaces.iter().map(|own| &own.name));
        names.namespaces = namespaces;
        names
    }

    /// What a namespace is to its environment, once the environments [`agree`].
    #[must_use]
    pub fn role(&self, namespace: &str) -> &Role {
        self.namespaces.iter().find(|own| own.name == namespace).map_or(&self.unnamed, |own| &own.role)
    }

    /// Its only namespace.
    fn only(&self) -> Option<&Own> {
        self.namespaces.first().filter(|_| self.namespaces.len() == 1)
    }

    /// Whether one of its namespaces, or what names none, has a role.
    #[must_use]
    pub fn has(&self, role: &Role) -> bool {
        self.unnamed.what == role.what || self.namespaces.iter().any(|own| own.role.what == role.what)
    }

    /// The name of the namespace with a role that is not empty.
    #[must_use]
    pub fn namespace(&self, role: &Role) -> Option<&str> {
        let mut namespaces = self.namespaces.iter().filter(|_| !role.is_empty());
        namespaces.find(|own| own.role.what == role.what).map(|own| own.name.as_str())
    }

    /// A text with `{environment}` for every word that names this environment.
    #[must_use]
    pub fn normal<'text>(&self, text: &'text str) -> Cow<'text, str> {
        self.replace(text, |at| self.stage_at(text, at).map(|end| (end, "{environment}".into())))
    }

    /// The same, and `{namespace}` for every whole name of one of its namespaces: what a text says in the words of
    /// every environment.
    #[must_use]
    pub fn common<'text>(&self, text: &'text str) -> Cow<'text, str> {
        self.replace(text, |at| self.common_at(text, at))
    }

    /// Where the word at `at` ends that is another in the words of every environment, and which it is there.
    fn common_at(&self, text: &str, at: usize) -> Option<(usize, String)> {
        let namespace = self.namespaces.iter().filter(|own| own.told).find_map(|own| {
            let end = word_end(text, at, &own.name)?;
            Some((end, own.role.word()))
        });
        namespace.or_else(|| self.stage_at(text, at).map(|end| (end, "{environment}".into())))
    }

    /// The byte of `text` from which byte `common` of `common(text)` came; within a replaced word, the word's first
    /// byte.
    #[must_use]
    pub fn before_common(&self, text: &str, common: usize) -> usize {
        let (mut kept, mut said) = (0, 0);
        for (range, told) in replacements(text, |at| self.common_at(text, at)) {
            let begins = said + range.start.saturating_sub(kept);
            if common < begins {
                break;
            }
            if common < begins + told.len() {
                return range.start;
            }
            (kept, said) = (range.end, begins + told.len());
        }
        kept + common.saturating_sub(said)
    }

    /// A name without the environment's at its beginning or end; unchanged where nothing else would be left.
    #[must_use]
    pub fn bare<'text>(&self, name: &'text str) -> Cow<'text, str> {
        let normal = self.normal(name);
        let stripped = normal.trim_start_matches("{environment}-").trim_end_matches("-{environment}");
        let stripped = stripped.trim_start_matches("{environment}.").trim_end_matches(".{environment}");
        if stripped.len() == normal.len() || stripped.is_empty() { normal } else { Cow::Owned(stripped.to_owned()) }
    }

    /// The words of a name that do not tell the environment, wherever those stand in it.
    #[must_use]
    pub fn stem(&self, name: &str) -> String {
        words(&self.replace(name, |at| self.stage_at(name, at).map(|end| (end, String::new()))))
    }

    /// The words of a name that tell neither the environment nor one of its namespaces.
    #[must_use]
    pub fn stem_without_namespaces(&self, name: &str) -> String {
        words(&self.replace(name, |at| {
            let namespace = self.namespaces.iter().find_map(|own| word_end(name, at, &own.name));
            namespace.or_else(|| self.stage_at(name, at)).map(|end| (end, String::new()))
        }))
    }

    /// Whether a text leads to this environment: it names one of its namespaces or one of its hosts. Another
    /// environment that says the same is wired to this one, while `prd` alone is a word that may mean anything.
    #[must_use]
    pub fn is_pointed_at(&self, text: &str) -> bool {
        self.names_namespace(text) || host::hosts(text).any(|host| self.names_host(host))
    }

    /// Whether a host is one of this environment's: `db.prd.shop.example`, `prd-db.shop.example`. The last part of a
    /// host names nobody, nor does `live`, which is an English word.
    fn names_host(&self, host: &str) -> bool {
        let Some((own, _)) = host.rsplit_once('.') else { return false };
        let names = own.char_indices().filter_map(|(at, _)| {
            let begins = own.get(..at).is_some_and(|before| !before.ends_with(|last: char| last.is_alphanumeric()));
            let end = self.stage_at(own, at).filter(|_| begins)?;
            own.get(at..end)
        });
        names.into_iter().any(|name| !name.eq_ignore_ascii_case("live"))
    }

    /// Whether a text names one of its namespaces, by a name that tells this environment and more: `shop-prd`, not
    /// `prd`.
    fn names_namespace(&self, text: &str) -> bool {
        let telling = |own: &&Own| {
            let stem = self.stem(&own.name);
            !stem.is_empty() && stem != words(&own.name)
        };
        let part = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
        self.namespaces.iter().filter(telling).any(|own| {
            text.match_indices(own.name.as_str()).any(|(at, name)| {
                let before = text.get(..at).and_then(|before| before.chars().next_back());
                let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
                !before.is_some_and(part) && !after.is_some_and(part)
            })
        })
    }

    /// What [`replace`] makes of a text; a text in which no word begins as one of these names is left as it is.
    fn replace<'text>(&self, text: &'text str, found: impl Fn(usize) -> Option<(usize, String)>) -> Cow<'text, str> {
        let mut inside = false;
        let begins = text.bytes().any(|byte| {
            let begins = !inside && (!byte.is_ascii() || self.initials & initial(byte) != 0);
            inside = byte.is_ascii_alphanumeric();
            begins
        });
        if begins { replace(text, found) } else { Cow::Borrowed(text) }
    }

    /// Where a name of this environment that starts at `at` ends.
    fn stage_at(&self, text: &str, at: usize) -> Option<usize> {
        let end = self.stage.iter().find_map(|name| word_end(text, at, name))?;
        let before = text.get(..at)?;
        let turned = before.strip_suffix(['-', '_', ' ', '.']).is_some_and(|before| {
            let word = before.rsplit(|character: char| !character.is_alphanumeric()).next().unwrap_or_default();
            TURNING.iter().any(|turning| word.eq_ignore_ascii_case(turning))
        });
        // `redis.dev` is a Service where `dev` is a namespace.
        let is_namespace = self.namespaces.iter().any(|own| Some(own.name.as_str()) == text.get(at..end));
        let is_domain = is_domain(text, at, end) && !is_namespace;
        (!turned && !is_device_folder(text, at, end) && !is_domain).then_some(end)
    }
}

/// The words of a namespace's name that name neither the environment nor the street.
fn remainder(normal: &str, street: &str) -> String {
    let without_street = replace(normal, |at| word_end(normal, at, street).map(|end| (end, String::new())));
    let words = without_street.split('-').filter(|word| !word.is_empty() && *word != "{environment}");
    words.collect::<Vec<_>>().join("-")
}

/// The bits of the characters with which names begin.
fn initials<'name>(names: impl IntoIterator<Item = &'name String>) -> u128 {
    names.into_iter().filter_map(|name| name.bytes().next()).fold(0, |bits, byte| bits | initial(byte))
}

/// The bits of an ASCII character in both cases; of another one, none.
fn initial(byte: u8) -> u128 {
    let bit = |byte: u8| 1_u128.checked_shl(u32::from(byte)).unwrap_or_default();
    bit(byte.to_ascii_lowercase()) | bit(byte.to_ascii_uppercase())
}

/// `pre-prod` for `preprod`, `non-production` for `nonproduction`.
fn hyphenated(name: &str) -> Option<String> {
    let rest = name.strip_prefix("pre").or_else(|| name.strip_prefix("non"))?;
    rest.starts_with("pr").then(|| format!("{}-{rest}", name.get(..3).unwrap_or_default()))
}

/// Settles what the namespaces of environments are that are compared with one another.
///
/// A namespace that several environments have under one name is the same in each, whatever words that name has. An
/// environment's only namespace is as the one of its name is where that stands among others; otherwise it answers to
/// the only ones of the others, and so does what names no namespace.
pub fn agree(environments: &mut [&mut Names]) {
    let mut holders: BTreeMap<String, usize> = BTreeMap::new();
    for own in environments.iter().flat_map(|names| &names.namespaces) {
        *holders.entry(own.name.clone()).or_default() += 1;
    }
    let in_several = |name: &str| holders.get(name).is_some_and(|holders| *holders > 1);
    let mut among_others: BTreeMap<String, String> = BTreeMap::new();
    for own in
        environments.iter_mut().filter(|names| names.namespaces.len() > 1).flat_map(|names| &mut names.namespaces)
    {
        let [of_normal, of_name] = &own.what;
        own.role.what.clone_from(if in_several(&own.name) { of_name } else { of_normal });
        for name in [&own.normal, &own.name] {
            among_others.insert(name.clone(), own.role.what.clone());
        }
    }
    let answer = |own: &Own| among_others.get(&own.name).or_else(|| among_others.get(&own.normal)).cloned();
    let only: BTreeSet<Option<String>> = environments.iter().filter_map(|names| names.only()).map(answer).collect();
    let mut answers = only.into_iter().flatten();
    let otherwise = answers.next().filter(|_| answers.next().is_none()).unwrap_or_default();
    for names in environments.iter_mut().filter(|names| names.namespaces.len() < 2) {
        for own in &mut names.namespaces {
            own.role.what = answer(own).unwrap_or_else(|| otherwise.clone());
        }
        names.unnamed.what = names.only().map_or_else(|| otherwise.clone(), |own| own.role.what.clone());
    }
    let mut by_role: BTreeMap<String, [BTreeSet<String>; 2]> = BTreeMap::new();
    for own in environments.iter().flat_map(|names| &names.namespaces) {
        let [normal, shown] = by_role.entry(own.role.what.clone()).or_default();
        normal.insert(own.normal.clone());
        shown.insert(if in_several(&own.name) { own.name.clone() } else { own.normal.clone() });
    }
    for names in environments.iter_mut() {
        for own in &mut names.namespaces {
            own.told = by_role.get(&own.role.what).is_none_or(|[normal, _]| normal.len() > 1);
        }
        for role in names.namespaces.iter_mut().map(|own| &mut own.role).chain([&mut names.unnamed]) {
            let shown = by_role.get(&role.what).map(|[_, shown]| shown).filter(|shown| shown.len() == 1);
            let shown = shown.and_then(BTreeSet::first).cloned().unwrap_or_else(|| role.word());
            role.shown = if role.is_empty() { String::new() } else { shown };
        }
    }
}

/// What is between the separators of a name.
fn words(name: &str) -> String {
    name.split(['-', '.', '_']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// Replaces what `found` finds at the start of a word: it gives the end of what to replace and what to put there.
fn replace(text: &str, found: impl Fn(usize) -> Option<(usize, String)>) -> Cow<'_, str> {
    let replacements = replacements(text, found);
    if replacements.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut result, mut kept) = (String::new(), 0);
    for (range, told) in replacements {
        result.push_str(text.get(kept..range.start).unwrap_or_default());
        result.push_str(&told);
        kept = range.end;
    }
    result.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(result)
}

/// What `found` finds to replace, in order.
fn replacements(text: &str, found: impl Fn(usize) -> Option<(usize, String)>) -> Vec<(Range<usize>, String)> {
    let mut replacements = Vec::new();
    let mut kept = 0;
    for (at, character) in text.char_indices() {
        let starts_word = character.is_alphanumeric()
            && text
                .get(..at)
                .and_then(|before| before.chars().next_back())
                .is_none_or(|before| !before.is_alphanumeric());
        if at < kept || !starts_word {
            continue;
        }
        if let Some((end, told)) = found(at) {
            replacements.push((at..end, told));
            kept = end;
        }
    }
    replacements
}

/// Where `name` ends when it stands at `at` as whole words, whatever its case.
fn word_end(text: &str, at: usize, name: &str) -> Option<usize> {
    let end = at + name.len();
    let stands = !name.is_empty() && text.get(at..end)?.eq_ignore_ascii_case(name);
    let ends = text.get(end..)?.chars().next().is_none_or(|after| !after.is_alphanumeric());
    (stands && ends).then_some(end)
}

/// Whether the word ends the name of a domain, as that of a host or of an API group: `app.dev`, `tekton.dev/v1`, but
/// not `app.dev.yaml`.
fn is_domain(text: &str, at: usize, end: usize) -> bool {
    let word = text.get(at..end).unwrap_or_default();
    let before = text.get(..at).and_then(|before| before.strip_suffix('.')).unwrap_or_default();
    let goes_on = text.get(end..).unwrap_or_default().starts_with(['.', '-', '_']);
    DOMAINS.contains(&word) && before.ends_with(char::is_alphanumeric) && !goes_on
}

/// Whether the word is the folder of devices: `/dev`, `/dev/shm`, but not `/config/dev` nor `/dev/api`.
fn is_device_folder(text: &str, at: usize, end: usize) -> bool {
    let word = text.get(at..end).unwrap_or_default();
    let before = text.get(..at).unwrap_or_default();
    let roots = before.strip_suffix('/').is_some_and(|before| {
        before
            .chars()
            .next_back()
            .is_none_or(|last| !last.is_alphanumeric() && !matches!(last, '/' | '.' | '-' | '_' | '}'))
    });
    let after = text.get(end..).unwrap_or_default();
    let leads_on = match after.strip_prefix('/') {
        Some(below) => below.is_empty() || DEVICES.iter().any(|device| below.starts_with(device)) || is_disk(below),
        None => after.is_empty() || after.starts_with([':', ' ', ',', '"', '\'']),
    };
    word == "dev" && roots && leads_on
}

/// `sda`, `xvdb1`, `vdc`, `dm-0`: what a disk is called.
fn is_disk(name: &str) -> bool {
    ["sd", "xvd", "vd", "hd", "dm-", "md", "video", "i2c", "usb", "bus", "input", "ram"]
        .iter()
        .any(|disk| name.starts_with(disk))
}

/// Sorts by descending length, then by itself, and drops what occurs twice.
fn longest_first<T: Ord>(items: &mut Vec<T>, length: impl Fn(&T) -> usize) {
    items.sort_by(|left, right| length(right).cmp(&length(left)).then_with(|| left.cmp(right)));
    items.dedup();
}

#[cfg(test)]
mod tests {
    use super::{Names, agree};

    fn names(stage: &str) -> Names {
        Names::new(stage, std::iter::empty(), "shop", vec![format!("shop-{stage}")])
    }

    #[test]
    fn words_of_other_stages_stay_what_they_are() {
        let rows = [
            ("tst", "latest", "latest"),
            ("tst", "test-suite", "{environment}-suite"),
            ("tst", "contest", "contest"),
            ("acc", "account", "account"),
            ("acc", "access", "access"),
            ("acc", "acceptance", "{environment}"),
            ("prd", "product", "product"),
            ("prd", "productpage", "productpage"),
            ("prd", "pre-prod", "pre-prod"),
            ("preprod", "pre-prod", "{environment}"),
            ("preprod", "prod", "prod"),
            ("staging", "stg", "{environment}"),
            ("staging", "preprod", "preprod"),
            ("uat", "staging", "staging"),
            ("dev2", "dev", "dev"),
            ("dev2", "shop-dev2", "shop-{environment}"),
            ("archive", "archive-1", "{environment}-1"),
            ("dev", "knative.dev", "knative.dev"),
            ("dev", "https://shop-dev.app.dev:443/dev", "https://shop-{environment}.app.dev:443/{environment}"),
            ("dev", "app.dev.yaml", "app.{environment}.yaml"),
            ("dev", "dev.example", "{environment}.example"),
            ("live", "shop.live", "shop.live"),
        ];
        for (stage, text, expected) in rows {
            assert_eq!(names(stage).normal(text), expected, "{text} in {stage}");
        }
    }

    #[test]
    fn a_service_of_a_namespace_called_as_its_stage_is_no_domain() {
        let plain = Names::new("dev", std::iter::empty(), "shop", vec!["dev".into()]);
        assert_eq!(plain.normal("redis.dev:6379"), "redis.{environment}:6379");
        assert_eq!(names("dev").normal("redis.dev:6379"), "redis.dev:6379");
    }

    #[test]
    fn namespaces_answer_to_one_another_by_what_they_are() {
        let several = Names::new("dev", std::iter::empty(), "shop", vec!["shop-dev".into(), "shop-dev-jobs".into()]);
        let alone = Names::new("prd", std::iter::empty(), "shop", vec!["webapp".into()]);
        let (mut of_dev, mut of_prd) = (several, alone.clone());
        agree(&mut [&mut of_dev, &mut of_prd]);
        let what =
            |names: &Names, namespace: &str| (names.role(namespace).what.clone(), names.role(namespace).shown.clone());
        assert_eq!(what(&of_dev, "shop-dev"), (String::new(), String::new()));
        assert_eq!(what(&of_dev, "shop-dev-jobs"), ("jobs".to_owned(), "shop-{environment}-jobs".to_owned()));
        assert_eq!(what(&of_prd, "webapp"), (String::new(), String::new()));
        let (mut dev, mut prd) = (names("dev"), alone);
        agree(&mut [&mut dev, &mut prd]);
        assert_eq!(dev.common("db.shop-dev.svc"), prd.common("db.webapp.svc"));
        assert_ne!(dev.common("shop-dev"), names("prd").common("webapp"));
    }

    /// A stage with its namespaces.
    type Stage<'name> = (&'name str, &'name [&'name str]);

    /// What the namespaces of environments of the street `shop` are, each stage with its namespaces.
    fn roles(environments: &[Stage<'_>]) -> Vec<Vec<String>> {
        let of = |(stage, namespaces): &Stage<'_>| {
            Names::new(stage, std::iter::empty(), "shop", namespaces.iter().map(|name| (*name).to_owned()).collect())
        };
        let mut names: Vec<Names> = environments.iter().map(of).collect();
        agree(&mut names.iter_mut().collect::<Vec<_>>());
        let what = |(names, (_, own)): (&Names, &Stage<'_>)| -> Vec<String> {
            own.iter().map(|name| names.role(name).what.clone()).collect()
        };
        names.iter().zip(environments).map(what).collect()
    }

    #[test]
    fn a_namespace_of_one_name_is_the_same_beside_others_and_alone() {
        let rows: [(&[Stage<'_>], &[&[&str]]); 6] = [
            (&[("dev", &["tools"]), ("acc", &["jobs", "tools"])], &[&["tools"], &["jobs", "tools"]]),
            (&[("dev", &["jobs-dev"]), ("acc", &["jobs-acc", "tools"])], &[&["jobs"], &["jobs", "tools"]]),
            // Another stage's word is part of the name where both have it.
            (&[("dev", &["dev-a", "b"]), ("acc", &["dev-a", "b"])], &[&["dev-a", "b"], &["dev-a", "b"]]),
            // The only one of another name answers to the only one of the first.
            (&[("dev", &["a"]), ("acc", &["a", "b"]), ("prd", &["c"])], &[&["a"], &["a", "b"], &["a"]]),
            (&[("dev", &["a"]), ("acc", &["a", "b"]), ("prd", &["b"])], &[&["a"], &["a", "b"], &["b"]]),
            (&[("dev", &["a"]), ("acc", &["b"])], &[&[""], &[""]]),
        ];
        for (environments, expected) in rows {
            assert_eq!(roles(environments), expected, "{environments:?}");
        }
    }

    #[test]
    fn objects_that_name_no_namespace_stand_with_those_of_the_only_one() {
        let names = |stage: &str, namespaces: &[&str]| {
            Names::new(stage, std::iter::empty(), "shop", namespaces.iter().map(|name| (*name).to_owned()).collect())
        };
        let (mut dev, mut acc, mut prd) = (names("dev", &["a"]), names("acc", &["a", "b"]), names("prd", &[]));
        agree(&mut [&mut dev, &mut acc, &mut prd]);
        let unnamed = [&dev, &acc, &prd].map(|names| names.role("").what.as_str());
        assert_eq!(unnamed, ["a", "", "a"]);
    }
}
