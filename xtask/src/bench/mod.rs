//! `cargo xtask bench`: makes up large clusters, measures the release binary on them, and writes BENCHMARKS.md.

pub mod bare_parse;
mod check;
mod cluster;
mod layout;
mod leak;
pub mod measure;
mod page;
mod parity;
mod parse;
pub mod phases;
mod policy;
mod workload;

use crate::repository;
use anyhow::{Context as _, Result, bail};
use cluster::Size;
use layout::{Dump, Layout};
use leak::Leak;
use page::{Growth, Page, Row};
use phases::Phases;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often each thing is measured; the best counts.
const RUNS: usize = 5;

/// How large, and how much of it.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Namespaces of the large cluster, each with 100 pods and 10 policies.
    #[arg(long, default_value_t = 1_000)]
    namespaces: usize,
    /// The seed of the large cluster's leak.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seeds to check with a leak, and as many without one.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// Namespaces of the clusters that are checked.
    #[arg(long, default_value_t = 100)]
    checked_namespaces: usize,
    /// Write the inputs into `target/bench` and stop.
    #[arg(long)]
    generate: bool,
}

/// Measures, checks, prints, and writes BENCHMARKS.md where the whole was run.
pub fn run(options: &Options) -> Result<()> {
    if cfg!(debug_assertions) {
        // The generator and the bare parse are to be as quick as what they are compared to.
        let arguments = std::env::args_os().skip(1);
        return repository::run(
            repository::cargo().args(["run", "--release", "--package", "xtask", "--"]).args(arguments),
        );
    }
    let size = Size::of_namespaces(options.namespaces);
    fs::create_dir_all(folder())?;
    let leak = Leak::drawn(options.seed, size);
    let inputs = Inputs::write(size, &leak)?;
    if options.generate {
        return Ok(());
    }
    let machine = machine();
    let dtap = repository::release_binary()?;
    let phases = phases::of(&inputs.compact);
    let rows = rows(&dtap, &inputs, &phases)?;
    let growth = growth(&dtap, options.namespaces)?;
    let checked = check::seeds(&dtap, options.seeds, Size::of_namespaces(options.checked_namespaces))?;
    let page = Page { machine, rows, phases, growth, checked: (options.checked_namespaces, checked) };
    let text = page::write(&page);
    print!("{text}");
    fs::write(repository::root().join("BENCHMARKS.md"), &text).context("cannot write BENCHMARKS.md")?;
    let wrong = page.checked.1.iter().filter(|outcome| outcome.complaint.is_some()).count();
    if wrong > 0 {
        bail!("{wrong} of the seeds were answered wrongly");
    }
    Ok(())
}

/// The files that are measured.
struct Inputs {
    compact: PathBuf,
    indented: PathBuf,
    yaml: PathBuf,
    distinct: PathBuf,
    parity: PathBuf,
}

impl Inputs {
    fn write(size: Size, leak: &Leak) -> Result<Self> {
        let inputs = Self {
            compact: folder().join("cluster.json"),
            indented: folder().join("cluster-indented.json"),
            yaml: folder().join("cluster.yaml"),
            distinct: folder().join("distinct.json"),
            parity: folder().join("parity.json"),
        };
        println!("writing {}", folder().display());
        let mut dumps = [Dump::create(&inputs.compact, Layout::Compact)?, Dump::create(&inputs.yaml, Layout::Yaml)?];
        cluster::objects(size, Some(leak), &mut |object| dumps.iter_mut().try_for_each(|dump| dump.add(&object)))?;
        for dump in dumps {
            dump.finish()?;
        }
        // Indentation more than doubles it: a part of the cluster makes as many bytes.
        let part = Size { streets: (size.streets * 2 / 5).max(1), ..size };
        let mut dump = Dump::create(&inputs.indented, Layout::Indented)?;
        cluster::objects(part, None, &mut |object| dump.add(&object))?;
        dump.finish()?;
        dump_of("distinct", Size { distinct_labels: true, ..size }, None)?;
        let mut dump = Dump::create(&inputs.parity, Layout::Compact)?;
        parity::objects().iter().try_for_each(|object| dump.add(object))?;
        dump.finish()?;
        Ok(inputs)
    }
}

/// Writes a cluster as compact JSON under this name, and says where and of how many objects.
fn dump_of(name: &str, size: Size, leak: Option<&Leak>) -> Result<(PathBuf, usize)> {
    let path = folder().join(format!("{name}.json"));
    let mut dump = Dump::create(&path, Layout::Compact)?;
    cluster::objects(size, leak, &mut |object| dump.add(&object))?;
    Ok((path, dump.finish()?))
}

fn folder() -> PathBuf {
    repository::target().join("bench")
}

fn rows(dtap: &Path, inputs: &Inputs, phases: &Phases) -> Result<Vec<Row>> {
    let mut rows = vec![
        with_bare_parse(
            scanned(dtap, "cold JSON, as the API server sends it", &inputs.compact, "1.0 s, 800 MB, ratio 2.5")?,
            &inputs.compact,
        )?,
        with_bare_parse(
            scanned(dtap, "as many bytes of JSON, indented as kubectl prints it", &inputs.indented, "")?,
            &inputs.indented,
        )?,
        scanned(dtap, "the same as YAML", &inputs.yaml, "4 s")?,
        Row {
            work: "the network plane alone, parsed".to_owned(),
            bytes: 0,
            cost: measure::Cost { wall: phases.network, processor: Duration::ZERO, memory: 0 },
            bare: None,
            target: "20 ms".to_owned(),
            note: "best of twenty".to_owned(),
        },
    ];
    rows.push(scanned(dtap, "100,000 distinct label classes", &inputs.distinct, "3 s")?);
    rows.push(compared(dtap, &inputs.parity)?);
    Ok(rows)
}

fn scanned(dtap: &Path, work: &str, path: &Path, target: &str) -> Result<Row> {
    let run = measure::best_of(RUNS, dtap, &["scan", "--quiet", "-o", "json", &path.to_string_lossy()])?;
    let report: Value =
        serde_json::from_slice(&run.output).with_context(|| format!("exit status {}: {}", run.status, run.errors))?;
    let first = report.pointer("/findings/0/summary").and_then(Value::as_str).unwrap_or("nothing found");
    println!(
        "{work}: {} ({} MB)\n  {first}\n{}",
        page::seconds(run.cost.wall),
        run.cost.memory / 1_000_000,
        run.errors
    );
    Ok(Row {
        work: work.to_owned(),
        bytes: fs::metadata(path)?.len(),
        cost: run.cost,
        bare: None,
        target: target.to_owned(),
        note: String::new(),
    })
}

fn with_bare_parse(row: Row, path: &Path) -> Result<Row> {
    Ok(Row { bare: Some(bare_parse::measured(path)?), ..row })
}

/// The parity of two large environments, as `dtap diff` tells it.
fn compared(dtap: &Path, path: &Path) -> Result<Row> {
    let run = measure::best_of(RUNS, dtap, &["diff", "--quiet", "-o", "json", "acc", "prd", &path.to_string_lossy()])?;
    let scan = measure::run(dtap, &["scan", "--quiet", "-o", "json", &path.to_string_lossy()])?;
    let report: Value = serde_json::from_slice(&scan.output).context("the scan writes JSON")?;
    let told = |key: &str| report.pointer(&format!("/parity/0/{key}")).and_then(Value::as_u64).unwrap_or(0);
    Ok(Row {
        work: format!(
            "parity of two environments of {} objects with {} changes of {} causes",
            parity::OBJECTS,
            parity::CAUSES * parity::PLACES,
            parity::CAUSES
        ),
        bytes: fs::metadata(path)?.len(),
        cost: run.cost,
        bare: None,
        target: "0.3 s, 12 causes".to_owned(),
        note: format!("{} differences of {} causes", told("differences"), told("causes")),
    })
}

fn growth(dtap: &Path, most: usize) -> Result<Vec<Growth>> {
    let mut rows = Vec::new();
    for namespaces in [most / 100, most / 10, most] {
        let size = Size::of_namespaces(namespaces);
        let (path, _) = dump_of("growth", size, None)?;
        let run = measure::best_of(RUNS, dtap, &["scan", "--quiet", "-o", "json", &path.to_string_lossy()])?;
        rows.push(Growth {
            namespaces: size.streets * cluster::STAGES.len(),
            pods: size.streets * cluster::STAGES.len() * size.workloads * size.replicas,
            bytes: fs::metadata(&path)?.len(),
            cost: run.cost,
        });
    }
    Ok(rows)
}

/// The machine in a phrase: processors, their model, and how busy it was before anything of ours ran.
fn machine() -> String {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split(':').nth(1)).unwrap_or("unknown");
    let busy = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let waiting = busy.split(' ').next().unwrap_or("unknown");
    format!("{processors} processors, {}; load before the run {waiting}", model.trim())
}
