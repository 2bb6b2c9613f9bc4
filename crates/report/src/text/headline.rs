//! What was found: streets, environments, clusters, shared and unplaced namespaces, folded spellings.

use super::screen::{Ink, Line, Screen, count, grouped, listed};
use crate::report::{NamespaceSummary, Report, StreetSummary};
use std::collections::BTreeMap;

pub(super) fn draw(report: &Report, screen: &mut Screen) {
    match report.streets.as_slice() {
        [] => screen.line(&Line::new().with(Ink::Warning, "no environments found")),
        [street] => one_street(street, report, screen),
        streets => many_streets(streets, report, screen),
    }
    clusters(report, screen);
    folds(report, screen);
    namespaces("unplaced", "in no environment found", &report.unplaced, screen);
    namespaces("elsewhere", "only policies speak of them", &report.elsewhere, screen);
}

fn one_street(street: &StreetSummary, report: &Report, screen: &mut Screen) {
    let stages: Vec<&str> = street.environments.iter().map(|environment| environment.stage.as_str()).collect();
    let mut line = Line::new().with(Ink::Strong, &street.name).plain("   ");
    stages_in_order(&stages, &mut line);
    let namespaces = street.environments.iter().map(|environment| environment.namespaces.len()).sum();
    line.push(Ink::Plain, format!("    {}", count(namespaces, "namespace")));
    line.push(Ink::Plain, format!(", {}", count(report.input.rendered, "object")));
    if !street.evidence.is_empty() {
        line.push(Ink::Plain, format!(", environments from {}", street.evidence));
    }
    screen.wrapped(&line, 4);
}

fn many_streets(streets: &[StreetSummary], report: &Report, screen: &mut Screen) {
    let environments: usize = streets.iter().map(|street| street.environments.len()).sum();
    let namespaces: usize =
        streets.iter().flat_map(|street| &street.environments).map(|environment| environment.namespaces.len()).sum();
    let mut line = Line::new().with(Ink::Strong, count(streets.len(), "street")).plain("   ");
    stages_in_order(&stages_by_rank(report), &mut line);
    line.push(
        Ink::Plain,
        format!(
            "    {} in {}, {}",
            count(environments, "environment"),
            count(namespaces, "namespace"),
            count(report.input.rendered, "object")
        ),
    );
    screen.wrapped(&line, 4);
    if streets.len() <= 6 {
        for street in streets {
            let stages: Vec<&str> = street.environments.iter().map(|environment| environment.stage.as_str()).collect();
            let mut line = Line::new().plain("  ").with(Ink::Strong, &street.name).plain("   ");
            stages_in_order(&stages, &mut line);
            line.push(Ink::Faint, format!("   {}", street.evidence));
            screen.wrapped(&line, 4);
        }
    } else {
        evidence_of(streets, screen);
    }
}

/// How the environments were found, each way once with the number of streets.
fn evidence_of(streets: &[StreetSummary], screen: &mut Screen) {
    let mut ways: BTreeMap<&str, usize> = BTreeMap::new();
    for street in streets.iter().filter(|street| !street.evidence.is_empty()) {
        *ways.entry(&street.evidence).or_default() += 1;
    }
    let mut ways: Vec<(&str, usize)> = ways.into_iter().collect();
    ways.sort_by_key(|(way, streets)| (std::cmp::Reverse(*streets), *way));
    let told: Vec<String> = ways.iter().map(|(way, streets)| format!("{way} ({})", grouped(*streets))).collect();
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    if !told.is_empty() {
        screen.wrapped(&Line::new().plain("environments from ").plain(listed(&told, 3)), 4);
    }
}

/// Every stage of any street, in the order of the matrix where it has them.
fn stages_by_rank(report: &Report) -> Vec<&str> {
    let shown: Vec<&str> =
        report.network.parties.iter().filter(|party| party.environment).map(|party| party.name.as_str()).collect();
    if shown.is_empty() { report.stages() } else { shown }
}

fn stages_in_order(stages: &[&str], line: &mut Line) {
    for (position, stage) in stages.iter().enumerate() {
        if position > 0 {
            line.push(Ink::Faint, " ▸ ");
        }
        line.push(Ink::Strong, *stage);
    }
}

fn clusters(report: &Report, screen: &mut Screen) {
    let mut line = Line::new();
    match report.clusters.as_slice() {
        [] => return,
        [cluster] if cluster.evidence.is_empty() => line.push(Ink::Plain, "1 cluster"),
        [cluster] => line.push(Ink::Plain, format!("1 cluster ({})", cluster.evidence)),
        clusters => {
            let told: Vec<String> = clusters
                .iter()
                .map(|cluster| match cluster.evidence.as_str() {
                    "" => cluster.name.clone(),
                    evidence => format!("{} ({evidence})", cluster.name),
                })
                .collect();
            let told: Vec<&str> = told.iter().map(String::as_str).collect();
            line.push(Ink::Plain, format!("{}: {}", count(clusters.len(), "cluster"), listed(&told, 6)));
        }
    }
    let mut shared: Vec<&str> = report.shared.iter().map(|namespace| namespace.name.as_str()).collect();
    shared.dedup();
    if !shared.is_empty() {
        line.push(Ink::Plain, format!("   shared: {}", listed(&shared, 6)));
    }
    screen.wrapped(&line, 4);
}

/// Which spellings were taken for one stage. They are the same from street to street, so each is told once.
fn folds(report: &Report, screen: &mut Screen) {
    let mut folded: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for environment in report.streets.iter().flat_map(|street| &street.environments) {
        let spellings = folded.entry(&environment.stage).or_default();
        spellings.extend(environment.folded.iter().map(String::as_str));
    }
    let mut told = Vec::new();
    for (stage, mut spellings) in folded {
        spellings.sort_unstable();
        spellings.dedup();
        spellings.retain(|spelling| *spelling != stage);
        if !spellings.is_empty() {
            told.push(format!("{stage} is also spelt {}", listed(&spellings, 8)));
        }
    }
    if !told.is_empty() {
        screen.wrapped(&Line::new().plain(told.join(" · ")), 4);
    }
}

fn namespaces(word: &str, meaning: &str, namespaces: &[NamespaceSummary], screen: &mut Screen) {
    let mut names: Vec<&str> = namespaces.iter().map(|namespace| namespace.name.as_str()).collect();
    if names.is_empty() {
        return;
    }
    // One name in two clusters is two namespaces, and told once.
    names.dedup();
    let line = Line::new()
        .plain(format!("{} {word}: {}", count(namespaces.len(), "namespace"), listed(&names, 4)))
        .with(Ink::Faint, format!("   ({meaning})"));
    screen.wrapped(&line, 4);
}
