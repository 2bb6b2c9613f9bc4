//! Puts the commit that is built into `dtap --version`. Without git, or outside a checkout, the version stands alone.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // HEAD changes with a checkout, its log with a commit. Outside a checkout neither exists, and nothing is watched.
    for file in ["HEAD", "logs/HEAD"].map(|file| root.join(".git").join(file)) {
        if file.exists() {
            println!("cargo:rerun-if-changed={}", file.display());
        }
    }
    let version = env!("CARGO_PKG_VERSION");
    let told = git(&root, &["rev-parse", "--short=12", "HEAD"]).map_or_else(
        || version.to_owned(),
        |commit| match git(&root, &["show", "-s", "--format=%cs", "HEAD"]) {
            Some(date) => format!("{version} ({commit} {date})"),
            None => format!("{version} ({commit})"),
        },
    );
    println!("cargo:rustc-env=DTAP_VERSION={told}");
}

/// What git answers in one line; nothing where it fails or is not there.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").current_dir(root).args(arguments).output().ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    let line = answer.trim();
    (output.status.success() && !line.is_empty() && !line.contains('\n')).then(|| line.to_owned())
}
