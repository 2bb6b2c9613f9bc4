//! Reading is harmless: a scan needs no network, and leaves what it scans as it was.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test cannot go on without fails it"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

const DTAP: &str = env!("CARGO_BIN_EXE_dtap");

/// Two environments from one base, a remote base, and a plain folder.
fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let policy =
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny}\nspec: {podSelector: {}}\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: web, image: web}]}\n";
    for (name, text) in [
        ("base/kustomization.yaml", "resources: [policy.yaml, pod.yaml]\n"),
        ("base/policy.yaml", policy),
        ("base/pod.yaml", pod),
        ("overlays/dev/kustomization.yaml", "namespace: shop-dev\nresources: [../../base]\n"),
        ("overlays/prd/kustomization.yaml", "namespace: shop-prd\nresources: [../../base]\n"),
        ("overlays/acc/kustomization.yaml", "resources: ['https://192.0.2.1/base?ref=v1']\n"),
        ("jobs/pod.yaml", pod),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// Every file and folder, when it was last written, and what it says.
fn listing(folder: &Path, listed: &mut Vec<(PathBuf, SystemTime, Vec<u8>)>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
        listed.push((path.clone(), modified, std::fs::read(&path).unwrap_or_default()));
        if path.is_dir() {
            listing(&path, listed);
        }
    }
}

fn scan(mut command: Command, folder: &Path) -> Output {
    command.args(["scan", "-o", "json", "."]).current_dir(folder).output().unwrap()
}

#[test]
fn a_scan_without_a_network_says_the_same_and_nothing_is_written() {
    let folder = tree();
    let mut before = Vec::new();
    listing(folder.path(), &mut before);
    let with = scan(Command::new(DTAP), folder.path());
    // A network namespace of its own has no routes, and its loopback is down.
    let mut apart = Command::new("unshare");
    apart.args(["-r", "-n", DTAP]);
    let without = scan(apart, folder.path());
    assert_eq!(String::from_utf8_lossy(&without.stderr), String::from_utf8_lossy(&with.stderr));
    assert_eq!(String::from_utf8_lossy(&without.stdout), String::from_utf8_lossy(&with.stdout));
    assert_eq!(without.status.code(), with.status.code());
    let text = String::from_utf8_lossy(&with.stdout);
    assert!(text.contains("uses a remote base, which is not fetched"), "{text}");
    assert!(text.contains("shop-prd") && text.contains("shop-dev"), "{text}");
    let mut after = Vec::new();
    listing(folder.path(), &mut after);
    assert_eq!(after, before);
}
