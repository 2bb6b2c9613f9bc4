//! What a verification says, and how it is shown.
//!
//! [`Report`] is plain data: the planes fill it, [`text`] and [`json`] show it. Nothing here judges a cluster, reads a
//! file or knows whether a terminal is there; widths and colours come in as values.

pub mod assumption;
pub mod difference;
pub mod excerpt;
pub mod exit;
pub mod finding;
pub mod json;
pub mod mask;
pub mod matrix;
pub mod position;
pub mod reach;
pub mod report;
pub mod rule;
pub mod shell;
pub mod text;

pub use exit::{FailOn, Outcome};
pub use finding::{Evidence, Finding, Fingerprint};
pub use matrix::{Cell, Matrix, Party, Verdict};
pub use report::Report;
pub use rule::{Plane, Rule, Severity};
