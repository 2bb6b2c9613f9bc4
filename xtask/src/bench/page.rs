//! BENCHMARKS.md, written from what was measured.

use super::bare_parse::BareParse;
use super::check::Outcome;
use super::leak::Shape;
use super::measure::Cost;
use super::phases::Phases;
use std::fmt::Write as _;
use std::time::Duration;

/// A row of the table of targets.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was done.
    pub work: String,
    /// Bytes of the input.
    pub bytes: u64,
    /// What it took.
    pub cost: Cost,
    /// A bare parse of the same bytes, where there is one.
    pub bare: Option<BareParse>,
    /// What it should take.
    pub target: String,
    /// What else is to be said.
    pub note: String,
}

/// A row of the table of growth.
#[derive(Clone, Debug)]
pub struct Growth {
    /// Namespaces.
    pub namespaces: usize,
    /// Pods.
    pub pods: usize,
    /// Bytes of the input.
    pub bytes: u64,
    /// What it took.
    pub cost: Cost,
}

/// Everything that the page tells.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The machine.
    pub machine: String,
    /// The table of targets.
    pub rows: Vec<Row>,
    /// Where the time of the first row goes.
    pub phases: Phases,
    /// The table of growth.
    pub growth: Vec<Growth>,
    /// What the checker says of the seeds, and of clusters of how many namespaces.
    pub checked: (usize, Vec<Outcome>),
}

const HEAD: &str = "\
# Benchmarks

Written by `cargo xtask bench`; run it to have the numbers of your own machine. The cluster is made up from a seed: streets
of four namespaces, 100 pods and 10 policies each, pods as the API server returns them (about 3 KB), with the ReplicaSets,
Deployments, StatefulSets and Services above them, and the nodes below. Times are of the whole command, parity of all
streets included, output written; the best of five runs, the memory the largest of them. Processor time is that of all
threads together: it tells the work where other programs kept the machine busy and the time of the clock grew with their
load. The bare parse is sonic-rs reading the same bytes into its own `Value`, on one thread, the file read before, in a fresh
process, as a scan is one: with the system's allocator, as any program has it, and with the one that dtap brings along; best
of five, in the same run.

";

/// The whole page.
pub fn write(page: &Page) -> String {
    let mut text = HEAD.to_owned();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "Machine: {}.\n", page.machine);
    let _ = writeln!(
        text,
        "| work | input | time | processor | memory | bare parse | ratio | with dtap's allocator | ratio | target | |\n\
         |---|---|---|---|---|---|---|---|---|---|---|"
    );
    for row in &page.rows {
        let compared =
            |bare: Duration| format!("{} | {:.2}", seconds(bare), row.cost.wall.as_secs_f64() / bare.as_secs_f64());
        let plain = row.bare.map_or_else(|| " | ".to_owned(), |bare| compared(bare.plain));
        let ours = row.bare.map_or_else(|| " | ".to_owned(), |bare| compared(bare.with_our_allocator));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {plain} | {ours} | {} | {} |",
            row.work,
            megabytes(row.bytes),
            seconds(row.cost.wall),
            seconds(row.cost.processor),
            megabytes(row.cost.memory),
            row.target,
            row.note
        );
    }
    let _ = writeln!(
        text,
        "\n## Where the time goes\n\nThe cold JSON once more, one phase after the other in one process.\n\n| phase | time \
         |\n|---|---|"
    );
    for (phase, took) in page.phases.named() {
        let _ = writeln!(text, "| {phase} | {} |", seconds(took));
    }
    let _ = writeln!(
        text,
        "\n## How the cost grows\n\n| namespaces | pods | input | time | processor | memory |\n|---|---|---|---|---|---|"
    );
    for row in &page.growth {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            row.namespaces,
            row.pods,
            megabytes(row.bytes),
            seconds(row.cost.wall),
            seconds(row.cost.processor),
            megabytes(row.cost.memory)
        );
    }
    let (namespaces, outcomes) = &page.checked;
    let _ = writeln!(
        text,
        "\n## Whether the leak is found\n\nClusters of {namespaces} namespaces, smaller than those that are timed. One \
         leak from dev to prd: the shapes take turns, the street is drawn by the seed. The leak must be the first \
         finding. Whether an ipBlock matches pods differs by CNI (N11), so a too wide one cannot be decided: it must be \
         the first finding all the same, as a warning. Without a leak, in clusters that grow by a street from seed to \
         seed, there must be no error.\n\n\
         | seed | leak | answer |\n|---|---|---|"
    );
    for outcome in outcomes {
        let shape = outcome.shape.map_or("none", Shape::name);
        let answer = match (&outcome.complaint, outcome.shape) {
            (Some(complaint), _) => format!("**wrong**: {}", complaint.replace('|', "\\|")),
            (None, Some(Shape::IpBlockTooWide)) => "found first, as a warning or an error".to_owned(),
            (None, Some(_)) => "found first".to_owned(),
            (None, None) => "no error".to_owned(),
        };
        let _ = writeln!(text, "| {} | {shape} | {answer} |", outcome.seed);
    }
    text
}

/// Seconds or milliseconds, in three digits; nothing where nothing was measured.
pub fn seconds(duration: Duration) -> String {
    if duration.is_zero() {
        String::new()
    } else if duration.as_secs_f64() < 0.1 {
        format!("{:.1} ms", duration.as_secs_f64() * 1e3)
    } else {
        format!("{:.2} s", duration.as_secs_f64())
    }
}

/// Megabytes of a million bytes.
pub fn megabytes(bytes: u64) -> String {
    if bytes == 0 { String::new() } else { format!("{} MB", bytes.div_ceil(1_000_000)) }
}
