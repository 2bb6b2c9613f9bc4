//! Where the repository and what is built in it stand, and how programs are run there.

use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub fn root() -> PathBuf {
    // The manifest of this crate lies in `<root>/xtask`.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

/// The folder for everything that is built.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Cargo, the very one that runs this.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a program to its end, its output going where ours goes. An error where it fails or is not there.
pub fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("{name} could not be run: is it installed?"))?;
    if !status.success() {
        bail!("{name} failed: {status}");
    }
    Ok(())
}

/// Builds the release binary and says where it is.
pub fn release_binary() -> Result<PathBuf> {
    release_program("dtap", "dtap")
}

/// Builds a program of a package and says where it is.
pub fn release_program(package: &str, name: &str) -> Result<PathBuf> {
    run(cargo().args(["build", "--release", "--package", package, "--bin", name]))?;
    Ok(target().join("release").join(name))
}
