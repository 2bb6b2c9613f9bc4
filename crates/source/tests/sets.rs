//! What is found in the real sets, and that the order of reading changes none of it.
//!
//! The sets are no part of the repository: they lie in `../shared/data` beside it, or where `DTAP_SETS` says. Where
//! they or a program are missing the test says so and passes.

use dtap_model::environment::{Belonging, Namespace};
use dtap_snapshot::Snapshot;
use dtap_snapshot::infer::{Corrections, snapshot};
use dtap_snapshot::reading::Reading;
use dtap_source::{Request, read};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A set's folder; none where it is missing.
fn set(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let sets = std::env::var_os("DTAP_SETS").map_or(beside, PathBuf::from);
    let set = sets.join(name);
    let found = set.is_dir();
    if !found {
        eprintln!("not tested: {} does not exist", set.display());
    }
    found.then_some(set)
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    let found = Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("not tested: `{program}` does not run");
    }
    found
}

fn has_renderer() -> bool {
    runs("kustomize", &["version"]) || runs("kubectl", &["kustomize", "--help"])
}

fn read_all(paths: &[PathBuf]) -> Reading {
    let paths = paths.iter().map(|path| path.display().to_string()).collect();
    read(&Request { paths, ..Request::default() })
}

/// Clusters, then streets with their stages, then how many namespaces are what.
fn told(snapshot: &Snapshot) -> String {
    let clusters: Vec<&str> = snapshot.clusters.iter().map(|cluster| cluster.name.as_str()).collect();
    let mut text = format!("on {}\n", clusters.join(", "));
    for street in snapshot.streets.iter().take(4) {
        let environments = street.environments.iter().filter_map(|id| snapshot.environment(*id));
        let stages: Vec<&str> = environments.map(|environment| environment.stage.as_str()).collect();
        text += &format!("{}: {}\n", street.name, stages.join(" ▸ "));
    }
    let count = |wanted: &dyn Fn(&Namespace) -> bool| snapshot.namespaces.iter().filter(|it| wanted(it)).count();
    text += &format!(
        "{} streets, {} environments, {} placed, {} shared, {} unplaced, {} elsewhere\n",
        snapshot.streets.len(),
        snapshot.environments.len(),
        count(&|it| matches!(it.belonging, Belonging::Environment(_))),
        count(&|it| it.belonging == Belonging::Shared),
        count(&|it| it.belonging == Belonging::Unplaced),
        count(&|it| it.belonging == Belonging::Elsewhere),
    );
    text
}

/// Everything that was found but where it was read.
fn found(snapshot: &Snapshot) -> String {
    let mut seats: BTreeMap<String, usize> = BTreeMap::new();
    for placed in &snapshot.objects {
        let identity = &placed.object.identity;
        let seat = format!("{identity:?} {:?} {:?} {:?}", placed.cluster, placed.namespace, placed.environment);
        *seats.entry(seat).or_default() += 1;
    }
    let namespaces: Vec<String> = snapshot
        .namespaces
        .iter()
        .map(|it| format!("{:?} {} {:?} {:?} {:?}", it.cluster, it.name, it.whole, it.belonging, it.labels))
        .collect();
    let mut gaps: Vec<String> = snapshot.gaps.iter().map(|gap| format!("{} {:?}", gap.what, gap.reach)).collect();
    gaps.sort();
    let workloads: Vec<(u32, &str, &str)> =
        snapshot.workloads.iter().map(|it| (it.namespace, it.name.as_str(), it.kind.as_str())).collect();
    format!(
        "{:?}\n{:?}\n{:?}\n{namespaces:?}\n{seats:?}\n{gaps:?}\n{workloads:?}\n{:?}",
        snapshot.clusters, snapshot.streets, snapshot.environments, snapshot.folds
    )
}

/// Reads a set, holds what is found to `expected`, and to itself when everything is read the other way round.
fn holds(paths: &[PathBuf], expected: &[&str]) {
    let reading = read_all(paths);
    let mut reversed = reading.clone();
    reversed.objects.reverse();
    reversed.pods.reverse();
    reversed.unread.reverse();
    let snapshot_of = |reading| snapshot(reading, &Corrections::default());
    let (forward, backward) = (snapshot_of(reading), snapshot_of(reversed));
    assert_eq!(told(&forward).lines().collect::<Vec<_>>(), expected);
    for (one, other) in found(&forward).lines().zip(found(&backward).lines()) {
        assert!(one == other, "the order of reading changes what is found: {}", first_difference(one, other));
    }
}

/// Both texts from shortly before they part.
fn first_difference(one: &str, other: &str) -> String {
    let at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count().saturating_sub(80);
    let part = |text: &str| text.chars().skip(at).take(240).collect::<String>();
    format!("\n{}\n{}", part(one), part(other))
}

#[test]
fn bank_of_anthos_is_one_street_of_three_stages() {
    let Some(set) = set("bank-of-anthos").filter(|_| has_renderer()) else { return };
    let expected = [
        "on cluster",
        "bank-of-anthos: development ▸ staging ▸ production",
        "1 streets, 3 environments, 3 placed, 0 shared, 1 unplaced, 0 elsewhere",
    ];
    holds(&[set], &expected);
}

#[test]
fn garbo_is_one_street_of_two_stages() {
    let Some(set) = set("garbo").filter(|_| has_renderer()) else { return };
    let expected = [
        "on cluster",
        "garbo: stage ▸ production",
        "1 streets, 2 environments, 2 placed, 0 shared, 1 unplaced, 0 elsewhere",
    ];
    holds(&[set], &expected);
}

#[test]
fn wastd_is_two_stages_of_which_nothing_can_be_rendered() {
    let Some(set) = set("wastd") else { return };
    let expected =
        ["on cluster", "street: uat ▸ prod", "1 streets, 2 environments, 2 placed, 0 shared, 0 unplaced, 0 elsewhere"];
    holds(&[set], &expected);
}

#[test]
fn microservices_demo_has_no_environments() {
    let Some(set) = set("microservices-demo").filter(|_| has_renderer()) else { return };
    let expected = ["on cluster", "0 streets, 0 environments, 0 placed, 0 shared, 1 unplaced, 0 elsewhere"];
    holds(&[set], &expected);
}

#[test]
fn moj_is_two_clusters_and_laa_apply_stands_on_the_one_that_holds_its_namespaces() {
    let (Some(moj), Some(laa)) = (set("moj"), set("laa-apply")) else { return };
    if !runs("tar", &["--version"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unpacked = Command::new("tar").arg("xzf").arg(moj.join("moj.tar.gz")).current_dir(folder.path()).status();
    assert!(unpacked.is_ok_and(|status| status.success()), "moj.tar.gz cannot be unpacked");
    let expected = [
        "on live-2.cloud-platform.service.justice.gov.uk, live.cloud-platform.service.justice.gov.uk",
        "aaronf: dev",
        "abundant-namespace: dev",
        "accessibility-book-club: dev",
        "accredited-programmes-community-prototype: dev",
        "724 streets, 1448 environments, 1491 placed, 2 shared, 2 unplaced, 25 elsewhere",
    ];
    holds(&[folder.path().join("namespaces"), laa.join("rendered")], &expected);
}
