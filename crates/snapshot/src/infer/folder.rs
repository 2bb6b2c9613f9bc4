//! What the folders and file names of the input say: stages (`deploy/prd/…`, `overlays/production`,
//! `rendered/uat.yaml`) and streets (the folder that holds the stages).

use super::stage::{self, Found, Stage};
use crate::reading::Context;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What the place of a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The stage.
    pub stage: Stage,
    /// How the folder or file spells it.
    pub spelling: String,
    /// What says it.
    pub says: Says,
    /// The folder or file that says the stage, from the root of the input.
    pub path: String,
    /// The folder that holds it and its like.
    pub group: String,
    /// What the street is called there.
    pub street: Option<String>,
    /// The folder right below the one that says the stage, where there is one: often a cluster.
    pub below: Option<String>,
}

/// What of a path says a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// The name of a folder.
    Folder,
    /// The name of the file.
    File,
    /// The name of a folder that stands below a stage elsewhere.
    Cluster,
}

impl Says {
    /// How the stage is known, in a phrase.
    #[must_use]
    pub fn evidence(self) -> &'static str {
        match self {
            Self::Folder => "folder names",
            Self::File => "file names",
            Self::Cluster => "cluster folder names",
        }
    }
}

impl Folder {
    /// What says the stage, with what it is called; none for a file, which as often is called after a cluster, and
    /// where only what stands elsewhere says it.
    #[must_use]
    pub fn own_word(&self) -> Option<String> {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        (self.says == Says::Folder).then(|| format!("folder {name} says {}", self.spelling))
    }
}

/// Folders that hold every street's stages alike and name none.
const SCAFFOLD: &[&str] = &[
    ".",
    "..",
    "app",
    "applications",
    "apps",
    "argocd",
    "base",
    "chart",
    "charts",
    "cluster",
    "clusters",
    "components",
    "config",
    "configs",
    "deploy",
    "deployment",
    "deployments",
    "env",
    "environment",
    "environments",
    "envs",
    "flux",
    "gitops",
    "helm",
    "iac",
    "infra",
    "k8s",
    "kube",
    "kubernetes",
    "kustomize",
    "kustomization",
    "manifests",
    "namespaces",
    "overlay",
    "overlays",
    "rendered",
    "resources",
    "rings",
    "src",
    "templates",
    "values",
    "yaml",
];

/// Finds what each context's place says; one answer for each context, in order.
///
/// The deepest folder that is called like a stage and nothing else holds; then the deepest with a stage in its name;
/// then the file's name. A word that names components as often as stages holds only next to another stage.
#[must_use]
pub fn folders(contexts: &[Context]) -> Vec<Option<Folder>> {
    let mut places: Vec<Place<'_>> = contexts.iter().map(Place::of).collect();
    forget_what_all_share(&mut places);
    let mut siblings: FxHashMap<(String, &str), BTreeSet<&Stage>> = FxHashMap::default();
    for place in &places {
        for (depth, found) in place.said.iter().enumerate() {
            if let Some(found) = found {
                siblings.entry((place.above(depth), &found.rest)).or_default().insert(&found.stage);
            }
        }
    }
    let holds = |place: &Place<'_>, depth: usize, found: &Found| {
        found.sure || siblings.get(&(place.above(depth), found.rest.as_str())).is_some_and(|stages| stages.len() > 1)
    };
    let found: Vec<Option<Folder>> = places.iter().map(|place| place.folder(holds)).collect();
    let learned = clusters_by_stage(&found);
    let learn = |(place, folder): (&Place<'_>, Option<Folder>)| folder.or_else(|| place.learned(&learned));
    places.iter().zip(found).map(learn).collect()
}

/// What stands above everything tells nothing apart: `/home/dev/shop` makes no `dev` of the shop.
fn forget_what_all_share(places: &mut [Place<'_>]) {
    let Some(first) = places.first().map(|place| place.segments.clone()) else { return };
    let shared = |place: &Place<'_>| first.iter().zip(&place.segments).take_while(|(one, other)| one == other).count();
    let shared = places.iter().map(shared).min().unwrap_or_default();
    if places.len() > 1 {
        places.iter_mut().for_each(|place| place.said.iter_mut().take(shared).for_each(|said| *said = None));
    }
}

/// Folders that stand below exactly one stage, such as `production/stone-01`: they say it elsewhere, too.
fn clusters_by_stage(found: &[Option<Folder>]) -> BTreeMap<String, Folder> {
    let mut below: BTreeMap<String, Vec<&Folder>> = BTreeMap::new();
    for folder in found.iter().flatten() {
        if let Some(name) = folder.below.as_ref().filter(|name| !is_scaffold(name)) {
            below.entry(name.clone()).or_default().push(folder);
        }
    }
    below.retain(|_, folders| {
        let several = folders.iter().any(|folder| folders.first().is_some_and(|first| first.group != folder.group));
        several && folders.iter().all(|folder| folders.first().is_some_and(|first| first.stage == folder.stage))
    });
    below.into_iter().filter_map(|(name, folders)| Some((name, (*folders.first()?).clone()))).collect()
}

/// The last of some folders that names a street.
#[must_use]
pub fn street_of(segments: &[&str]) -> Option<String> {
    let name = segments.iter().rev().find(|name| !matches!(**name, "" | "-") && !is_scaffold(name));
    name.map(|name| (*name).to_owned())
}

/// Whether a folder's name names no street.
#[must_use]
pub fn is_scaffold(name: &str) -> bool {
    SCAFFOLD.contains(&name.to_ascii_lowercase().as_str()) || name.starts_with("ring-")
}

/// A path cut into folders, with what each says.
struct Place<'context> {
    segments: Vec<&'context str>,
    said: Vec<Option<Found>>,
    /// How many of the segments are folders: all of them for what was rendered, else all but the file.
    folders: usize,
    /// How many of them stand at or above what the user typed, and say nothing.
    above: usize,
}

impl<'context> Place<'context> {
    fn of(context: &'context Context) -> Self {
        let segments: Vec<&str> = context.path.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect();
        let folders = if context.rendered { segments.len() } else { segments.len().saturating_sub(1) };
        let above = context.above;
        let said = |(depth, segment): (usize, &&str)| stage::of_folder(stem(segment)).filter(|_| depth >= above);
        let said = segments.iter().enumerate().map(said).collect();
        Self { segments, said, folders, above }
    }

    /// The path of the folder that holds the segment at this depth.
    fn above(&self, depth: usize) -> String {
        self.segments.get(..depth).unwrap_or_default().join("/")
    }

    fn folder(&self, holds: impl Fn(&Self, usize, &Found) -> bool) -> Option<Folder> {
        let said = |depth: usize| self.said.get(depth)?.as_ref();
        let holds = |depth: &usize| said(*depth).is_some_and(|found| holds(self, *depth, found));
        let whole = |depth: &usize| said(*depth).is_some_and(|found| found.rest.is_empty());
        let deepest = (0..self.folders).rev().find(|depth| whole(depth) && holds(depth));
        let within = || (0..self.folders).rev().find(holds);
        let file = || (self.folders..self.segments.len()).find(holds);
        let depth = deepest.or_else(within).or_else(file)?;
        let found = said(depth)?;
        let own = Some(found.rest.clone()).filter(|rest| found.sure && !rest.is_empty() && depth < self.folders);
        Some(Folder {
            stage: found.stage.clone(),
            spelling: found.spelling.clone(),
            says: if depth < self.folders { Says::Folder } else { Says::File },
            path: self.above(depth + 1),
            group: self.above(depth),
            street: own.or_else(|| self.street(depth)),
            below: self.segments.get(depth + 1).filter(|_| depth + 1 < self.folders).map(|name| (*name).to_owned()),
        })
    }

    /// The stage of a folder that says none by itself and stands below a stage elsewhere.
    fn learned(&self, known: &BTreeMap<String, Folder>) -> Option<Folder> {
        let is_known = |depth: &usize| self.segments.get(*depth).is_some_and(|name| known.contains_key(*name));
        let depth = (self.above..self.folders).rev().find(is_known)?;
        let name = self.segments.get(depth)?;
        let model = known.get(*name)?;
        Some(Folder {
            says: Says::Cluster,
            path: self.above(depth),
            group: self.above(depth),
            street: self.street(depth),
            below: Some((*name).to_owned()),
            ..model.clone()
        })
    }

    /// The closest folder above this depth, and below what the user typed, that names a street.
    fn street(&self, depth: usize) -> Option<String> {
        street_of(self.segments.get(self.above..depth)?)
    }
}

/// A file's name without its ending, a folder's as it is.
fn stem(name: &str) -> &str {
    [".yaml", ".yml", ".json"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(paths: &[&str]) -> Vec<Option<Folder>> {
        let contexts: Vec<Context> = paths
            .iter()
            .map(|path| Context { path: (*path).to_owned(), rendered: !path.ends_with(".yaml"), ..Context::default() })
            .collect();
        folders(&contexts)
    }

    /// Stage and street of a path that stands alone.
    fn alone(path: &str) -> Option<(String, Option<String>)> {
        of(&[path]).remove(0).map(|folder| (folder.stage.name, folder.street))
    }

    #[test]
    fn a_folder_says_the_stage_and_the_one_above_it_the_street() {
        for (path, stage, street) in [
            ("shop/deploy/prd/web.yaml", "prod", "shop"),
            ("src/ledger/ledger-db/k8s/overlays/development", "dev", "ledger-db"),
            ("components/integration/production", "prod", "integration"),
            ("components/backup/staging/lightwell-dev", "staging", "backup"),
            ("wastd/kustomize/overlays/uat/cronjobs/automated-qa", "uat", "wastd"),
            ("namespaces/shop-dev/00-namespace.yaml", "dev", "shop"),
            ("apply/rendered/production.yaml", "prod", "apply"),
            ("apply/chart/values-staging.yaml", "staging", "apply"),
            ("test/e2e/prod/web.yaml", "prod", "e2e"),
        ] {
            assert_eq!(alone(path), Some((stage.to_owned(), Some(street.to_owned()))), "{path}");
        }
        assert_eq!(alone("deploy/prd/web.yaml"), Some(("prod".to_owned(), None)));
    }

    #[test]
    fn a_folder_that_names_a_component_says_nothing() {
        for path in [
            "components/integration/base",
            "tests/web.yaml",
            "test/web.yaml",
            "product/web.yaml",
            "demo",
            "devops/x.yaml",
            "",
        ] {
            assert_eq!(alone(path), None, "{path}");
        }
    }

    #[test]
    fn what_stands_above_everything_tells_nothing_apart() {
        let found = of(&["home/dev/shop/prd/web.yaml", "home/dev/shop/web.yaml"]);
        assert_eq!(found[0].as_ref().map(|folder| folder.stage.name.as_str()), Some("prod"));
        assert_eq!(found[1], None);
    }

    #[test]
    fn what_the_user_typed_names_neither_stage_nor_street() {
        let of = |above| {
            let path = "shop-prod/web.yaml".to_owned();
            let context = Context { path, above, ..Context::default() };
            folders(&[context]).remove(0).map(|folder| folder.stage.name)
        };
        assert_eq!((of(0), of(1)), (Some("prod".to_owned()), None));
        let typed = Context { path: "shop/prd/web.yaml".to_owned(), above: 1, ..Context::default() };
        assert_eq!(
            folders(&[typed]).remove(0).map(|folder| (folder.stage.name, folder.street)),
            Some(("prod".into(), None))
        );
    }

    #[test]
    fn a_weak_word_holds_beside_another_stage() {
        let found = of(&["deploy/test/web.yaml", "deploy/prod/web.yaml"]);
        assert_eq!(found[0].as_ref().map(|folder| folder.stage.name.as_str()), Some("test"));
        let found = of(&["o/production", "o/production-fwi", "o/staging-fwi"]);
        assert_eq!(found[1].as_ref().map(|folder| folder.path.as_str()), Some("o/production-fwi"));
    }

    #[test]
    fn a_cluster_folder_says_the_stage_it_stands_below_elsewhere() {
        let paths = ["a/production/stone-01", "b/production/stone-01", "c/rings/ring-2/stone-01"];
        let found = of(&paths);
        let folder = found[2].as_ref().unwrap();
        assert_eq!((folder.stage.name.as_str(), folder.street.as_deref()), ("prod", Some("c")));
        assert_eq!(of(&paths[1..])[1], None);
    }
}
