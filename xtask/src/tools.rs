//! The programs that tests need, built out of Go modules pinned under `xtask/go/`: kustomize, and the YAML reader of
//! Kubernetes. Built again only where their sources or pins changed.

use crate::repository;
use anyhow::{Context as _, Result};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every tool: its folder under `xtask/go/`, which is also the program's name, and the Go package to build.
const TOOLS: [(&str, &str); 2] = [("kustomize", "sigs.k8s.io/kustomize/kustomize/v5"), ("yaml", ".")];

/// Builds what is not up to date, and says in which folder the programs are.
pub fn build() -> Result<PathBuf> {
    let programs = repository::target().join("tools").join("bin");
    fs::create_dir_all(&programs).with_context(|| format!("cannot make {}", programs.display()))?;
    for (name, package) in TOOLS {
        let module = repository::root().join("xtask").join("go").join(name);
        let sources = sources(&module)?;
        let stamp = programs.with_file_name(format!("{name}.built-from"));
        let program = programs.join(name);
        if program.exists() && fs::read_to_string(&stamp).is_ok_and(|built| built == sources) {
            continue;
        }
        println!("building {name} ({package})");
        repository::run(Command::new("go").args(["build", "-o"]).arg(&program).arg(package).current_dir(&module))?;
        fs::write(&stamp, sources).with_context(|| format!("cannot write {}", stamp.display()))?;
    }
    Ok(programs)
}

/// `PATH` with the tools in front.
pub fn path_with(programs: &Path) -> Result<OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(programs.to_owned()).chain(std::env::split_paths(&rest));
    std::env::join_paths(all).context("a folder on PATH has a colon in its name")
}

/// The text of everything that decides what the program is: pins and sources, by name.
fn sources(module: &Path) -> Result<String> {
    let entries = fs::read_dir(module).with_context(|| format!("cannot read {}", module.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    files
        .iter()
        .map(|file| fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display())))
        .collect()
}
