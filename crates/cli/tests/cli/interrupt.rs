//! Whoever is told to end, ends with the status of an interrupt and leaves no temporary folder behind.
#![cfg(unix)]

use crate::harness::{dtap, folder};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A renderer that takes its time.
const SLOW: &str = "#!/bin/sh\nexec sleep 20\n";

const ROOT: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [map.yaml]\n";
const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n";

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).expect("the folder is there").count()
}

#[test]
fn an_interrupt_leaves_nothing_behind() {
    for signal in ["-INT", "-TERM"] {
        let scanned = folder(&[("kustomization.yaml", ROOT), ("map.yaml", MAP)]);
        let programs = folder(&[("kustomize", SLOW)]);
        let temporary = folder(&[]);
        let slow = programs.path().join("kustomize");
        std::fs::set_permissions(&slow, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
        let mut command = dtap(&["scan", "-q", "."], scanned.path());
        command.env("DTAP_KUSTOMIZE", &slow).env("TMPDIR", temporary.path()).stdout(Stdio::null());
        let mut child = command.spawn().expect("the program starts");
        let begun = Instant::now();
        while entries(temporary.path()) == 0 && begun.elapsed() < Duration::from_secs(15) {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(entries(temporary.path()), 1, "it renders in a temporary folder");
        let told = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill is there");
        assert!(told.success());
        assert_eq!(child.wait().expect("it ends").code(), Some(130), "{signal}");
        assert_eq!(entries(temporary.path()), 0, "{signal} leaves a temporary folder behind");
    }
}
