//! The command as users meet it: run as a program, judged by what it prints and by its exit status.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test cannot go on without fails it"
)]

mod advice;
mod bytes;
mod exit_status;
mod fingerprints;
mod harness;
mod help;
mod interrupt;
mod masking;
mod order;
mod reach;
mod readme;
mod rules;
mod schema;
mod unlike;
