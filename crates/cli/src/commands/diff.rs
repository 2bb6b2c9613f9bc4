//! `dtap diff`: the whole of parity between two environments.

use crate::arguments::{Colour, Diff};
use crate::failure::Failure;

/// Compares two environments.
pub fn run(_command: &Diff, _colour: Colour) -> Result<u8, Failure> {
    Ok(3)
}
