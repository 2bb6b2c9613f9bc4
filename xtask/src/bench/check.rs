//! The checker: whether a scan finds the one leak first, and nothing where there is none. It alone reads the truth.

use super::cluster::Size;
use super::leak::{Leak, Shape};
use super::{dump_of, measure};
use crate::repository;
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What came of one seed.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// The shape of its leak; none where there was none.
    pub shape: Option<Shape>,
    /// What was wrong with the answer, if anything.
    pub complaint: Option<String>,
}

/// Scans the cluster of every seed, with its leak and without one.
pub fn seeds(dtap: &Path, seeds: u64, size: Size) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for seed in 1..=seeds {
        let leak = Leak::drawn(seed, size);
        let truth = write_truth(seed, &leak)?;
        let report = scan(dtap, size, Some(&leak))?;
        let complaint = first_is(&report, &truth)?;
        outcomes.push(Outcome { seed, shape: Some(leak.shape), complaint });
    }
    // Without a leak the seeds differ in nothing but the size, so that each scans another cluster.
    for seed in 1..=seeds {
        let size = Size { streets: size.streets + usize::try_from(seed)?, ..size };
        let report = scan(dtap, size, None)?;
        outcomes.push(Outcome { seed, shape: None, complaint: no_error(&report) });
    }
    Ok(outcomes)
}

fn write_truth(seed: u64, leak: &Leak) -> Result<PathBuf> {
    let path = repository::target().join("bench").join(format!("truth-{seed}.json"));
    let truth = json!({"street": leak.street, "shape": leak.shape.name(), "policy": leak.shape.policy()});
    std::fs::write(&path, truth.to_string())?;
    Ok(path)
}

fn scan(dtap: &Path, size: Size, leak: Option<&Leak>) -> Result<Value> {
    let (path, _) = dump_of("checked", size, leak)?;
    let run = measure::run(dtap, &["scan", "--quiet", "-o", "json", &path.to_string_lossy()])?;
    serde_json::from_slice(&run.output).with_context(|| format!("exit status {}: {}", run.status, run.errors))
}

/// Whether the first finding is an error about a way from a dev to the production that the truth names.
fn first_is(report: &Value, truth: &Path) -> Result<Option<String>> {
    let truth: Value = serde_json::from_slice(&std::fs::read(truth)?)?;
    let number = truth.get("street").and_then(Value::as_u64).context("the truth names a street")?;
    let Some(first) = report.pointer("/findings/0") else { return Ok(Some("nothing found".to_owned())) };
    let text = |key: &str| first.get(key).and_then(Value::as_str).unwrap_or_default();
    let environments: Vec<&str> =
        first.get("environments").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let into = environments.iter().any(|name| name.ends_with(&format!("-{number:03}/prd")));
    let from_dev = environments.iter().any(|name| name.ends_with("/dev"));
    // Whether an ipBlock matches pods differs by CNI (N11): that leak is told first, as what could not be decided.
    let undecided = truth.get("shape").is_some_and(|shape| shape == Shape::IpBlockTooWide.name());
    let severe = text("severity") == "error" || undecided && text("severity") == "warning";
    let told = text("plane") == "network" && severe && into && from_dev;
    Ok((!told).then(|| format!("first: {} {} {}", text("severity"), text("rule"), text("summary"))))
}

fn no_error(report: &Value) -> Option<String> {
    let findings = report.get("findings").and_then(Value::as_array)?;
    let error = findings.iter().find(|finding| finding.get("severity").is_some_and(|severity| severity == "error"))?;
    Some(format!("error: {}", error.get("summary").and_then(Value::as_str).unwrap_or_default()))
}
