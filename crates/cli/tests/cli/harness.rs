//! Runs the program, in a folder of its own where there is something to read.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A policy that lets dev into prd, and the way out of dev.
pub const OPEN: &str = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open, namespace: shop-prd}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open, namespace: shop-dev}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]}
";

/// What came of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The program, with nothing of this machine's surroundings that could show.
pub fn dtap<S: AsRef<OsStr>>(arguments: &[S], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dtap"));
    command.args(arguments).current_dir(folder).env_remove("NO_COLOR").env("TERM", "xterm").stdin(Stdio::null());
    command
}

/// Runs the program in a folder.
pub fn run<S: AsRef<OsStr>>(arguments: &[S], folder: &Path) -> Run {
    finish(dtap(arguments, folder))
}

/// Runs the program with something on standard input.
pub fn run_with_input(arguments: &[&str], input: &str) -> Run {
    let mut command = dtap(arguments, &root());
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that does not read its input closes the pipe.
    let _ = child.stdin.take().expect("its input is piped").write_all(input.as_bytes());
    told(child.wait_with_output().expect("the program ends"))
}

/// Runs a command to its end.
pub fn finish(mut command: Command) -> Run {
    told(command.output().expect("the program starts"))
}

fn told(output: std::process::Output) -> Run {
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("the output is text"),
        stderr: String::from_utf8(output.stderr).expect("the complaints are text"),
    }
}

/// A folder that holds these files, and goes with the value.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it stands in a folder")).expect("folders can be made");
        std::fs::write(path, text).expect("files can be written");
    }
    folder
}

/// Two environments of a shop in which everything is closed, to which a test adds what it is about.
pub fn closed_shop() -> Vec<(String, String)> {
    ["dev", "prd"]
        .iter()
        .map(|stage| {
            let text = format!(
                "apiVersion: v1
kind: Namespace
metadata: {{name: shop-{stage}, labels: {{environment: {stage}, pod-security.kubernetes.io/enforce: restricted}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: closed, namespace: shop-{stage}}}
spec:
  podSelector: {{}}
  policyTypes: [Ingress, Egress]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop-{stage}}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: web, image: 'registry.example/web:1.0'}}]}}
"
            );
            (format!("{stage}.yaml"), text)
        })
        .collect()
}

/// A folder with [`closed_shop`] and more files.
pub fn shop_with(more: &[(&str, &str)]) -> tempfile::TempDir {
    let closed = closed_shop();
    let mut files: Vec<(&str, &str)> = closed.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    files.extend(more);
    folder(&files)
}
