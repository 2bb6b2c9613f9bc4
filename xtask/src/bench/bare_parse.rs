//! What everything is compared to: sonic-rs reading the same bytes into its own `Value`, on one thread.

use super::measure;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What to parse.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// A file of JSON.
    path: PathBuf,
}

/// The quickest of five parses, each in a process of its own with the allocator of dtap: a scan, too, has its memory from
/// the kernel anew. Reading the file is not counted.
pub fn best_of_five(path: &Path) -> Result<Duration> {
    let parse = || -> Result<Duration> {
        let run = measure::run(&std::env::current_exe()?, &["bare-parse", &path.to_string_lossy()])?;
        let text = String::from_utf8(run.output)?;
        Ok(Duration::from_nanos(text.trim().parse().with_context(|| format!("{text}{}", run.errors))?))
    };
    let mut best = Duration::MAX;
    for _ in 0..5 {
        best = best.min(parse()?);
    }
    Ok(best)
}

/// Parses a file and prints how many nanoseconds it took.
pub fn child(options: &Options) -> Result<()> {
    let path = &options.path;
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let start = Instant::now();
    let value: sonic_rs::Value = sonic_rs::from_slice(&bytes)?;
    println!("{}", start.elapsed().as_nanos());
    drop(std::hint::black_box(value));
    Ok(())
}
