//! Parses a file of JSON and prints how long that took, as any program does it: with the system's allocator.
#![allow(clippy::print_stdout, reason = "a program of its own for what the bench asks")]

#[path = "../bench/parse.rs"]
mod parse;

fn main() -> anyhow::Result<()> {
    let path = std::env::args_os().nth(1).unwrap_or_default();
    parse::print_time(path.as_ref())
}
