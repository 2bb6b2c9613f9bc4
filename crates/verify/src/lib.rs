//! A snapshot to a report: what touches between environments, in what they differ, and what reading noticed.
//!
//! Takes values and returns values: knows no file, no network, no clock, no terminal.

pub mod isolation;
pub mod parity;
pub mod reading;
pub mod settings;

pub use settings::{Assumed, Settings};
