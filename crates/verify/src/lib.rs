//! A snapshot to a report: what touches between environments, in what they differ, and what reading noticed.
//!
//! Takes values and returns values: knows no file, no network, no clock, no terminal.

#[macro_use]
mod examples;
pub mod isolation;
pub mod parity;
pub mod reading;
pub mod rules;
pub mod settings;
pub mod verify;

pub use settings::{Assumed, Settings};
pub use verify::verify;
