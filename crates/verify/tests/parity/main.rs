//! Parity: what is a difference, what is none, and how differences are told.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test cannot go on without fails it"
)]

mod apply;
mod causes;
mod digest;
mod noun;
mod same;
mod shown;
mod street;
mod words;
