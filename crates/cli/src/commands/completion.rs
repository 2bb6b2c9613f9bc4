//! `dtap completion`: a completion script for a shell.

use crate::arguments::{Arguments, Completion};
use crate::failure::Failure;
use crate::output;
use clap::CommandFactory;

/// Prints the script.
pub fn run(command: &Completion) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Arguments::command(), "dtap", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}
