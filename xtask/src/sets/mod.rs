//! `cargo xtask sets`: scans the real sets, prints what was read and found in each, and draws findings to be judged by
//! hand.

mod draw;
mod scan;

use crate::{repository, tools};
use anyhow::{Context as _, Result, bail};
use draw::Finding;
use scan::Scan;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the sets are, and what to draw.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The folder with the sets; `DTAP_SETS`, or `../shared/data` beside the repository, where none is given.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Only sets whose name begins so.
    #[arg(long, default_value = "")]
    only: String,
    /// The seed of the draw.
    #[arg(long, default_value_t = 4)]
    seed: u64,
    /// How many findings to draw.
    #[arg(long, default_value_t = 30)]
    draw: usize,
    /// Also write the drawn findings here, as a table with empty judgements.
    #[arg(long)]
    table: Option<PathBuf>,
}

/// One scan: what it is called, which prepared folders it reads, and whether its findings are drawn from.
struct Set {
    name: &'static str,
    folders: &'static [&'static str],
    drawn: bool,
}

const SETS: [Set; 8] = [
    Set { name: "bank-of-anthos", folders: &["bank-of-anthos"], drawn: true },
    Set { name: "garbo", folders: &["garbo"], drawn: true },
    Set { name: "infra-deployments", folders: &["infra-deployments"], drawn: true },
    Set { name: "microservices-demo", folders: &["microservices-demo"], drawn: true },
    // The one is read by itself for its number of objects; its findings are those of the two together.
    Set { name: "moj", folders: &["moj"], drawn: false },
    Set { name: "moj with laa-apply", folders: &["moj", "laa-apply"], drawn: true },
    // Without the `.env` files, which were never in the repository, the overlays cannot be rendered.
    Set { name: "wastd", folders: &["wastd"], drawn: false },
    Set { name: "wastd with .env", folders: &["wastd-with-env"], drawn: true },
];

/// The number of Kubernetes objects that `moj` holds, by its README.
const MOJ_OBJECTS: u64 = 11_909;

/// Scans every set that is there, prints, and draws.
pub fn run(options: &Options) -> Result<()> {
    let Some(sets) = find(options.folder.clone()) else {
        println!("no sets: name their folder with --folder or DTAP_SETS, or put them into ../shared/data");
        return Ok(());
    };
    let programs = tools::build()?;
    let dtap = repository::release_binary()?;
    let prepared = tempfile::tempdir().context("cannot make a temporary folder")?;
    let mut findings = Vec::new();
    let mut complaints = Vec::new();
    for set in SETS.iter().filter(|set| set.name.starts_with(&options.only)) {
        let missing = set.folders.iter().find_map(|folder| prepare(&sets, prepared.path(), folder).err());
        if let Some(missing) = missing {
            println!("\n== {}: not read: {missing:#}", set.name);
            continue;
        }
        let scan = Scan::run(&dtap, &programs, prepared.path(), set.folders)?;
        println!("\n== {}", set.name);
        scan.print();
        complaints.extend(scan.complaint().map(|complaint| format!("{}: {complaint}", set.name)));
        if set.name == "moj" && scan.count("objects") != MOJ_OBJECTS {
            complaints.push(format!("moj: {} objects instead of {MOJ_OBJECTS}", scan.count("objects")));
        }
        if set.drawn {
            findings.extend(scan.findings(set.name));
        }
    }
    let drawn = draw::draw(findings, options.draw, options.seed);
    println!("\n== {} findings drawn by seed {}", drawn.len(), options.seed);
    for (number, finding) in drawn.iter().enumerate() {
        println!("\n{}. {}", number + 1, finding.told(prepared.path()));
    }
    if let Some(path) = &options.table {
        write_table(path, &drawn, options.seed)?;
    }
    if !complaints.is_empty() {
        bail!("{}", complaints.join("\n"));
    }
    Ok(())
}

/// The folder of the sets, if there is one.
pub fn find(named: Option<PathBuf>) -> Option<PathBuf> {
    let beside = || repository::root().join("..").join("shared").join("data");
    let folder = named.or_else(|| std::env::var_os("DTAP_SETS").map(PathBuf::from)).unwrap_or_else(beside);
    folder.is_dir().then_some(folder)
}

/// Copies or unpacks a set into `prepared`, unless that has been done.
fn prepare(sets: &Path, prepared: &Path, name: &str) -> Result<()> {
    let target = prepared.join(name);
    if target.exists() {
        return Ok(());
    }
    let source = sets.join(name.trim_end_matches("-with-env"));
    if !source.is_dir() {
        bail!("{} is not there", source.display());
    }
    let archive = source.join(format!("{name}.tar.gz"));
    if archive.exists() {
        std::fs::create_dir(&target)?;
        return repository::run(Command::new("tar").arg("xzf").arg(&archive).arg("-C").arg(&target));
    }
    repository::run(Command::new("cp").args(["-r", "--no-preserve=mode"]).arg(&source).arg(&target))?;
    if name.ends_with("-with-env") {
        for overlay in ["uat", "prod"] {
            std::fs::write(target.join("kustomize").join("overlays").join(overlay).join(".env"), "")?;
        }
    }
    Ok(())
}

fn write_table(path: &Path, drawn: &[Finding], seed: u64) -> Result<()> {
    let mut text = format!(
        "# Findings judged by hand\n\n{} findings, drawn by `cargo xtask sets --seed {seed}` over all sets, each held \
         against the YAML.\n\n| | set | finding | where | fingerprint | true? | why |\n|---|---|---|---|---|---|---|\n",
        drawn.len()
    );
    for (number, finding) in drawn.iter().enumerate() {
        text.push_str(&format!("| {} | {} | | |\n", number + 1, finding.cells()));
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
