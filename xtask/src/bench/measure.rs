//! Runs a program and tells how long it took and how much memory it held at most.

use crate::repository;
use anyhow::{Context as _, Result, bail};
use nix::sys::time::{TimeVal, TimeValLike as _};
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// From start to end.
    pub wall: Duration,
    /// The time of all processors together, in the program and in the kernel for it.
    pub processor: Duration,
    /// The largest resident set, in bytes.
    pub memory: u64,
}

/// What a run printed, and what it took.
#[derive(Clone, Debug)]
pub struct Run {
    /// The cost.
    pub cost: Cost,
    /// What it printed.
    pub output: Vec<u8>,
    /// What it said on standard error.
    pub errors: String,
    /// Its exit status.
    pub status: i32,
}

/// What `cargo xtask measure` is given: a program and its arguments.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    command: Vec<OsString>,
}

/// Runs the program of `options` and prints a line `measured WALL PROCESSOR PEAK-KIBIBYTES`, the first two in
/// nanoseconds, to standard error.
///
/// A process of its own, because the kernel tells the memory of all children of a process together.
pub fn child(options: &Options) -> Result<()> {
    let (program, arguments) = options.command.split_first().context("no program given")?;
    let start = Instant::now();
    let status = Command::new(program).args(arguments).status()?;
    let wall = start.elapsed();
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN)?;
    let times = [usage.user_time(), usage.system_time()];
    let processor: i64 = times.iter().map(TimeVal::num_microseconds).sum();
    eprintln!("measured {} {} {}", wall.as_nanos(), processor * 1_000, usage.max_rss());
    std::process::exit(status.code().unwrap_or(101))
}

/// Runs a program to its end, its output going to memory.
pub fn run(program: &Path, arguments: &[&str]) -> Result<Run> {
    let output = Command::new(std::env::current_exe()?)
        .args(["measure", "--"])
        .arg(program)
        .args(arguments)
        .current_dir(repository::root())
        .stdin(Stdio::null())
        .output()?;
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let Some((errors, measured)) = errors.rsplit_once("measured ") else { bail!("{}: {errors}", program.display()) };
    let mut numbers = measured.split_whitespace().map(str::parse::<u64>);
    let (Some(Ok(wall)), Some(Ok(processor)), Some(Ok(kibibytes))) = (numbers.next(), numbers.next(), numbers.next())
    else {
        bail!("not a measurement: {measured}")
    };
    let (wall, processor) = (Duration::from_nanos(wall), Duration::from_nanos(processor));
    Ok(Run {
        cost: Cost { wall, processor, memory: kibibytes * 1024 },
        output: output.stdout,
        errors: errors.to_owned(),
        status: output.status.code().unwrap_or(101),
    })
}

/// The quickest of several runs. The memory is the largest of them.
pub fn best_of(times: usize, program: &Path, arguments: &[&str]) -> Result<Run> {
    let mut best = run(program, arguments)?;
    for _ in 1..times {
        let next = run(program, arguments)?;
        let memory = best.cost.memory.max(next.cost.memory);
        if next.cost.wall < best.cost.wall {
            best = next;
        }
        best.cost.memory = memory;
    }
    Ok(best)
}
