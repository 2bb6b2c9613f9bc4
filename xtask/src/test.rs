//! `cargo xtask test`: every test of the workspace, with the programs that they need.

use crate::{repository, sets, tools};
use anyhow::Result;

/// What to pass on to `cargo test`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Further arguments for `cargo test`, such as `-p dtap-verify` or a test's name.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
    arguments: Vec<String>,
}

/// Builds the tools and runs the tests. `DTAP_TOOLS` names the tools' folder for tests that ask for it.
pub fn run(options: &Options) -> Result<()> {
    let programs = tools::build()?;
    let mut test = repository::cargo();
    test.args(["test", "--locked"]).args(&options.arguments);
    test.env("DTAP_TOOLS", &programs).env("PATH", tools::path_with(&programs)?);
    repository::run(&mut test)?;
    if sets::find(None).is_none() {
        println!("the real sets are absent: the tests of crates/source/tests/sets.rs passed and did nothing");
    }
    Ok(())
}
