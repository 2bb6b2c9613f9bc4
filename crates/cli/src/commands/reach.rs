//! `dtap reach`: whether one end can open a connection to another.

use crate::arguments::{Colour, Reach};
use crate::failure::Failure;

/// Judges one pair.
pub fn run(_command: &Reach, _colour: Colour) -> Result<u8, Failure> {
    Ok(3)
}
