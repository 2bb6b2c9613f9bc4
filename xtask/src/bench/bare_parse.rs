//! What everything is compared to: sonic-rs reading the same bytes into its own `Value`, on one thread.

use super::{RUNS, measure, parse};
use crate::repository;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What to parse.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// A file of JSON.
    path: PathBuf,
}

/// What a bare parse takes: each time in a process of its own, as a scan is one, and has its memory from the kernel
/// anew.
#[derive(Clone, Copy, Debug)]
pub struct BareParse {
    /// With the system's allocator, as any program has it.
    pub plain: Duration,
    /// With the allocator of dtap.
    pub with_our_allocator: Duration,
}

/// The quickest of several parses of either kind.
pub fn measured(path: &Path) -> Result<BareParse> {
    let plain = repository::release_program("xtask", "bare-parse")?;
    let path = path.to_string_lossy();
    Ok(BareParse {
        plain: quickest(&plain, &[&path])?,
        with_our_allocator: quickest(&std::env::current_exe()?, &["bare-parse", &path])?,
    })
}

fn quickest(program: &Path, arguments: &[&str]) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let run = measure::run(program, arguments)?;
        let text = String::from_utf8(run.output)?;
        let took = text.trim().parse().with_context(|| format!("{text}{}", run.errors))?;
        best = best.min(Duration::from_nanos(took));
    }
    Ok(best)
}

/// A parse in this process.
pub fn child(options: &Options) -> Result<()> {
    parse::print_time(&options.path)
}
