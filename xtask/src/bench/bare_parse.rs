//! What everything is compared to: sonic-rs reading the same bytes into its own `Value`, on one thread.

use anyhow::{Context as _, Result};
use std::path::Path;
use std::time::{Duration, Instant};

/// The quickest of five parses. Reading the file is not counted.
pub fn best_of_five(path: &Path) -> Result<Duration> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        let value: sonic_rs::Value = sonic_rs::from_slice(&bytes)?;
        best = best.min(start.elapsed());
        drop(std::hint::black_box(value));
    }
    Ok(best)
}
