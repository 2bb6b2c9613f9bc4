//! sonic-rs reading a file into its own `Value`, on one thread. Shared with the program `bare-parse`.

use anyhow::{Context as _, Result};
use std::path::Path;
use std::time::Instant;

/// Parses a file and prints how many nanoseconds it took. Reading the file is not counted.
pub fn print_time(path: &Path) -> Result<()> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let start = Instant::now();
    let value: sonic_rs::Value = sonic_rs::from_slice(&bytes)?;
    println!("{}", start.elapsed().as_nanos());
    drop(std::hint::black_box(value));
    Ok(())
}
