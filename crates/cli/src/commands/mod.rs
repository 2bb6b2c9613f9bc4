//! The verbs, one file each. A verb gives its exit status or a failure.

pub mod completion;
pub mod diff;
pub mod explain;
pub mod reach;
pub mod scan;
