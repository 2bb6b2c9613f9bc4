//! The words dtap speaks, as types: object trees, places in sources, objects, workloads, environments.
//!
//! Pure data. Nothing here reads a file, a clock, a terminal or the network, and nothing here depends on another
//! crate of the workspace.

pub mod environment;
pub mod label;
pub mod object;
pub mod path;
pub mod place;
pub mod tree;
pub mod workload;
