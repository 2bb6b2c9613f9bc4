//! What holds the network plane to Kubernetes: a slow oracle, random clusters on which the fast verifier must agree
//! with it, laws that need no oracle, matrices that a person can read, and every word that is said of them.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "what a test cannot go on without fails it, and the account of a run is printed"
)]

mod agreement;
mod cluster;
mod laws;
mod literate;
mod oracle;
mod said;
