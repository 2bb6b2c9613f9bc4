//! `cargo xtask mutants`: breaks the verifier's source one clause at a time and sees that a named test fails.
//!
//! Works in a copy of what is tracked, with its own target folder; the working tree is not touched.

mod table;

use anyhow::{Context as _, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};
use table::{MUTATIONS, Mutation};

/// Which mutations to try.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only those whose clause holds one of these texts, such as `N4:`.
    clauses: Vec<String>,
}

/// What became of a mutation.
enum Outcome {
    Caught,
    Alive,
    DoesNotCompile,
}

/// Tries every mutation of the table.
///
/// # Errors
/// When one is not caught, does not compile, or has no place in the source any more.
pub fn run(options: &Options) -> Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let scratch = tempfile::tempdir()?;
    copy_tracked(&root, scratch.path())?;
    let chosen: Vec<&Mutation> = MUTATIONS
        .iter()
        .filter(|mutation| {
            options.clauses.is_empty() || options.clauses.iter().any(|clause| mutation.clause.contains(clause))
        })
        .collect();
    ensure!(!chosen.is_empty(), "no mutation is about that clause");
    for mutation in &chosen {
        patched(&root, mutation)?;
    }
    let target = root.join("target/mutants");
    let tests = ["literate::every_matrix_holds", "agreement::fast_verifier_and_oracle_agree"];
    for test in tests {
        ensure!(matches!(test_in(scratch.path(), &target, test)?, Outcome::Alive), "`{test}` fails without a mutation");
    }
    let mut wrong = 0_usize;
    for mutation in &chosen {
        let file = scratch.path().join(mutation.file);
        let original = fs::read_to_string(&file)?;
        fs::write(&file, patched(&root, mutation)?)?;
        let outcome = test_in(scratch.path(), &target, mutation.test)?;
        fs::write(&file, original)?;
        let word = match outcome {
            Outcome::Caught => "caught",
            Outcome::Alive => "ALIVE",
            Outcome::DoesNotCompile => "DOES NOT COMPILE",
        };
        wrong += usize::from(!matches!(outcome, Outcome::Caught));
        println!("{word}\t{}\tby {}", mutation.clause, mutation.test);
    }
    println!("{} of {} mutations caught", chosen.len() - wrong, chosen.len());
    if wrong > 0 { bail!("{wrong} mutations were not caught") } else { Ok(()) }
}

/// The mutated text of a file.
fn patched(root: &Path, mutation: &Mutation) -> Result<String> {
    let text = fs::read_to_string(root.join(mutation.file)).with_context(|| mutation.file.to_owned())?;
    let places = text.matches(mutation.original).count();
    ensure!(places == 1, "{}: `{}` stands {places} times in {}", mutation.clause, mutation.original, mutation.file);
    Ok(text.replace(mutation.original, mutation.replacement))
}

/// Runs one test of the copy. The copy has fewer random clusters: a mutation shows in the first of them.
fn test_in(scratch: &Path, target: &Path, test: &str) -> Result<Outcome> {
    let cargo = || {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(scratch).env("CARGO_TARGET_DIR", target).env("DTAP_CLUSTERS", "1000");
        command.args(["test", "--quiet", "--package", "dtap-verify", "--test", "network"]);
        command
    };
    if !cargo().arg("--no-run").output()?.status.success() {
        return Ok(Outcome::DoesNotCompile);
    }
    let output = cargo().args(["--", "--exact", test]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(text.contains("running 1 test"), "there is no test `{test}`");
    Ok(if output.status.success() { Outcome::Alive } else { Outcome::Caught })
}

/// Copies every tracked file.
fn copy_tracked(root: &Path, to: &Path) -> Result<()> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output()?;
    for name in String::from_utf8(listed.stdout)?.split('\0').filter(|name| !name.is_empty()) {
        let copy = to.join(name);
        if let Some(folder) = copy.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(root.join(name), copy).with_context(|| name.to_owned())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{MUTATIONS, patched};
    use std::path::Path;

    #[test]
    fn every_mutation_has_its_place() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let lost: Vec<String> = MUTATIONS
            .iter()
            .filter_map(|mutation| patched(&root, mutation).err())
            .map(|error| format!("{error:#}"))
            .collect();
        assert!(lost.is_empty(), "{}", lost.join("\n"));
    }
}
