//! What each phase of a scan takes, one after the other, in this process.

use super::page::seconds;
use anyhow::Result;
use dtap_snapshot::infer::Corrections;
use dtap_verify::Settings;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What to scan.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// A file or folder.
    path: PathBuf,
}

/// What the phases took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Phases {
    /// Bytes to objects.
    pub read: Duration,
    /// Objects to environments.
    pub infer: Duration,
    /// The network plane, the best of twenty.
    pub network: Duration,
    /// Parity of all streets.
    pub parity: Duration,
    /// What reading noticed.
    pub reading: Duration,
    /// The report as JSON.
    pub show: Duration,
}

impl Phases {
    /// Each phase with its name, in the order of the work.
    pub fn named(&self) -> [(&'static str, Duration); 6] {
        [
            ("bytes to objects", self.read),
            ("objects to environments", self.infer),
            ("the network plane, best of twenty", self.network),
            ("parity of all streets", self.parity),
            ("what reading noticed", self.reading),
            ("the report as JSON", self.show),
        ]
    }
}

/// Prints the phases of a scan.
pub fn run(options: &Options) -> Result<()> {
    for (name, took) in of(&options.path).named() {
        println!("{name}: {}", seconds(took));
    }
    Ok(())
}

/// The phases of scanning `path`. The environments are those that are found.
pub fn of(path: &std::path::Path) -> Phases {
    let request = dtap_source::Request { paths: vec![path.display().to_string()], ..Default::default() };
    let settings = Settings::default();
    let (read, reading) = timed(|| dtap_source::read(&request));
    let (infer, snapshot) = timed(|| dtap_snapshot::infer::snapshot(reading, &Corrections::default()));
    let judge = || timed(|| dtap_verify::isolation::network::judge(&snapshot, &settings)).0;
    // Among the threads that share the work, as a scan calls it.
    let network = rayon::scope(|_| (0..20).map(|_| judge()).min().unwrap_or_default());
    let parity = timed(|| dtap_verify::parity::judge(&snapshot)).0;
    let reading = timed(|| dtap_verify::reading::judge(&snapshot)).0;
    let report = dtap_verify::verify(&snapshot, &settings);
    let show = timed(|| dtap_report::json::show(&report, &snapshot.sources, dtap_report::FailOn::default(), &[])).0;
    Phases { read, infer, network, parity, reading, show }
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed(), done)
}
