//! The project's own chores: `cargo xtask test`, `bench`, `sets`, `mutants`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "chores talk to the person who runs them")]

mod bench;
mod mutants;
mod repository;
mod sets;
mod test;
mod tools;

use clap::Parser;

/// What is measured in this process is measured with the program's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The project's own chores.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Chore {
    /// Pass every test, and get what they need: cargo, Go and git are all that must be there.
    Test(test::Options),
    /// Scan the real sets and draw findings to be judged by hand.
    Sets(sets::Options),
    /// Make up large clusters, measure the release binary on them, and write BENCHMARKS.md.
    Bench(bench::Options),
    /// Tell what each phase of a scan takes.
    #[command(hide = true)]
    Phases(bench::phases::Options),
    /// Run a program and tell what it took.
    #[command(hide = true)]
    Measure(bench::measure::Options),
    /// Parse a file as JSON and tell how long it took.
    #[command(hide = true)]
    BareParse(bench::bare_parse::Options),
    /// Break the verifier's source one clause at a time and see that a named test fails.
    Mutants(mutants::Options),
}

fn main() -> anyhow::Result<()> {
    match Chore::parse() {
        Chore::Test(options) => test::run(&options),
        Chore::Sets(options) => sets::run(&options),
        Chore::Bench(options) => bench::run(&options),
        Chore::Phases(options) => bench::phases::run(&options),
        Chore::Measure(options) => bench::measure::child(&options),
        Chore::BareParse(options) => bench::bare_parse::child(&options),
        Chore::Mutants(options) => mutants::run(&options),
    }
}
