//! The fast verifier and the oracle say the same of random clusters.

use crate::cluster::Cluster;
use crate::oracle::{self, Line};
use dtap_report::Verdict;
use rayon::prelude::*;
use std::collections::BTreeMap;

const SEED: u64 = 20_261_124;

/// What one cluster adds to the account.
#[derive(Default)]
struct Account {
    decided: BTreeMap<Line, usize>,
    verdicts: BTreeMap<Verdict, usize>,
    pairs: usize,
}

#[test]
fn every_line_decides_and_every_verdict_occurs() {
    let clusters: u64 = std::env::var("DTAP_CLUSTERS").map_or(10_000, |text| text.parse().unwrap());
    let start = std::time::Instant::now();
    let account = (0..clusters)
        .into_par_iter()
        .map(|number| {
            let cluster = Cluster::draw(SEED, number);
            let snapshot = cluster.snapshot();
            let right = oracle::judge(&snapshot, &cluster.settings, None);
            let mut account = Account::default();
            for line in Line::ALL {
                if !line.concerns(&cluster.documents, cluster.settings.strict) {
                    continue;
                }
                let wrong = oracle::judge(&snapshot, &cluster.settings, Some(line));
                if wrong != right {
                    account.decided.insert(line, 1);
                }
            }
            for ((from, to), verdict) in &right {
                if from != oracle::SHARED && to != oracle::SHARED {
                    *account.verdicts.entry(*verdict).or_default() += 1;
                    account.pairs += 1;
                }
            }
            account
        })
        .reduce(Account::default, |mut one, other| {
            for (line, count) in other.decided {
                *one.decided.entry(line).or_default() += count;
            }
            for (verdict, count) in other.verdicts {
                *one.verdicts.entry(verdict).or_default() += count;
            }
            one.pairs += other.pairs;
            one
        });
    for line in Line::ALL {
        eprintln!("{line:?}\t{}\t{}", account.decided.get(&line).copied().unwrap_or(0), line.mistake());
    }
    for (verdict, count) in &account.verdicts {
        eprintln!("{verdict:?}\t{:.1}%", 100.0 * *count as f64 / account.pairs as f64);
    }
    eprintln!("{clusters} clusters, {:?}", start.elapsed());
}
