//! One scan of a set by the release binary, and what its report says.

use super::draw::Finding;
use crate::tools;
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// A report and what it took to get it.
pub struct Scan {
    report: Value,
    status: Option<i32>,
    wall: Duration,
}

impl Scan {
    /// Scans `folders`, all below `root`, so that places are named alike on every machine.
    pub fn run(dtap: &Path, programs: &Path, root: &Path, folders: &[&str]) -> Result<Self> {
        let start = Instant::now();
        let output = Command::new(dtap)
            .args(["scan", "--quiet", "-o", "json"])
            .args(folders)
            .current_dir(root)
            .env("PATH", tools::path_with(programs)?)
            .output()?;
        let wall = start.elapsed();
        let report = serde_json::from_slice(&output.stdout).with_context(|| {
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            format!("scanning {} wrote no report ({}): {errors}", folders.join(", "), output.status)
        })?;
        Ok(Self { report, status: output.status.code(), wall })
    }

    /// A number of the account of what was read.
    pub fn count(&self, what: &str) -> u64 {
        self.report.pointer(&format!("/input/{what}")).and_then(Value::as_u64).unwrap_or(0)
    }

    /// What is wrong with how the scan ended, if anything.
    pub fn complaint(&self) -> Option<String> {
        match self.status {
            Some(0 | 1 | 3) => None,
            Some(other) => Some(format!("exit status {other}")),
            None => Some("ended by a signal".to_owned()),
        }
    }

    /// Every finding.
    pub fn findings(&self, set: &'static str) -> impl Iterator<Item = Finding> {
        self.list("findings").iter().map(move |finding| Finding::new(set, finding))
    }

    fn list(&self, key: &str) -> &[Value] {
        self.report.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// What was read, the environments, and the findings by rule.
    pub fn print(&self) {
        println!(
            "{} files, {} documents, {} objects; {} unread; exit status {}; {:.2} s",
            self.count("files"),
            self.count("documents"),
            self.count("objects"),
            self.report.pointer("/input/unread").and_then(Value::as_array).map_or(0, Vec::len),
            self.status.unwrap_or(-1),
            self.wall.as_secs_f64(),
        );
        for (what, number) in pairs(self.report.pointer("/input/not_kubernetes")) {
            println!("not Kubernetes: {number} {what}");
        }
        let clusters: Vec<&str> = self.list("clusters").iter().filter_map(|cluster| text(cluster, "name")).collect();
        println!("clusters: {}", clusters.join(", "));
        self.print_environments();
        let mut rules: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
        for finding in self.list("findings") {
            let key = |key| text(finding, key).unwrap_or_default();
            *rules.entry((key("rule"), key("severity"), key("title"))).or_default() += 1;
        }
        for ((rule, severity, title), number) in rules {
            println!("{number:>6} {severity} {rule}: {title}");
        }
    }

    fn print_environments(&self) {
        let mut stages: BTreeMap<&str, usize> = BTreeMap::new();
        let streets = self.list("streets");
        for environment in streets.iter().flat_map(|street| items(street, "environments")) {
            *stages.entry(text(environment, "stage").unwrap_or_default()).or_default() += 1;
        }
        let stages: Vec<String> = stages.iter().map(|(stage, number)| format!("{stage} {number}")).collect();
        println!(
            "{} streets; environments: {}; {} shared namespaces, {} unplaced, {} elsewhere",
            streets.len(),
            stages.join(", "),
            self.list("shared").len(),
            self.list("unplaced").len(),
            self.list("elsewhere").len(),
        );
        const SHOWN: usize = 6;
        for street in streets.iter().take(SHOWN) {
            let of: Vec<&str> = items(street, "environments").iter().filter_map(|one| text(one, "stage")).collect();
            println!("  {}: {}", text(street, "name").unwrap_or_default(), of.join(" ▸ "));
        }
        if streets.len() > SHOWN {
            println!("  and {} more", streets.len() - SHOWN);
        }
    }
}

fn items<'value>(value: &'value Value, key: &str) -> &'value [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'value>(value: &'value Value, key: &str) -> Option<&'value str> {
    value.get(key).and_then(Value::as_str)
}

/// A list of pairs of a word and a number.
fn pairs(value: Option<&Value>) -> Vec<(&str, u64)> {
    let list = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(|pair| Some((pair.get(0)?.as_str()?, pair.get(1)?.as_u64()?))).collect()
}
