//! What was found: streets, environments, clusters, shared and unplaced namespaces, folded spellings.

use super::MANY_STREETS;
use super::alike::Alike;
use super::screen::{Ink, Line, Screen, count, fitting, grouped, listed, unbroken};
use crate::report::{ClusterSummary, NamespaceSummary, Report, StreetSummary};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

pub(super) fn draw(report: &Report, all: bool, screen: &mut Screen) {
    if report.is_empty() {
        screen.line(&Line::new().with(Ink::Warning, "no Kubernetes objects found"));
        return;
    }
    match report.streets.as_slice() {
        [] => screen.line(&Line::new().with(Ink::Warning, "no environments found")),
        [street] => one_street(street, report, screen),
        streets => many_streets(streets, report, all, screen),
    }
    let short = report.streets.len() > MANY_STREETS && !all;
    clusters(report, short, screen);
    folds(report, all, screen);
    productions(report, short, screen);
    let at_most = if all { usize::MAX } else { 4 };
    let (nowhere, unplaced): (Vec<_>, Vec<_>) = report.unplaced.iter().cloned().partition(|it| !it.kinds.is_empty());
    namespaces("unplaced", "in no environment found", &unplaced, at_most, screen);
    without_namespace(&nowhere, at_most, short, screen);
    elsewhere(report, at_most, short, screen);
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

fn many_streets(streets: &[StreetSummary], report: &Report, all: bool, screen: &mut Screen) {
    let environments: usize = streets.iter().map(|street| street.environments.len()).sum();
    let namespaces: usize =
        streets.iter().flat_map(|street| &street.environments).map(|environment| environment.namespaces.len()).sum();
    let mut line = Line::new().with(Ink::Strong, count(streets.len(), "street")).plain("   ");
    let (stages, rarer) = stages_by_rank(report, all);
    stages_in_order(&stages, &mut line);
    if rarer > 0 {
        line.push(Ink::Plain, format!(" and {}", count(rarer, "rarer stage")));
    }
    line.push(
        Ink::Plain,
        format!(
            "    {} in {}, {}",
            unbroken(&count(environments, "environment")),
            unbroken(&count(namespaces, "namespace")),
            unbroken(&count(report.input.rendered, "object"))
        ),
    );
    screen.wrapped(&line, 4);
    if streets.len() <= MANY_STREETS {
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
        let room = screen.width.saturating_sub("environments from ".len());
        screen.wrapped(&Line::new().plain("environments from ").plain(fitting(&told, 3, room)), 4);
    }
}

/// The stages of any street that the matrix shows, in its order, and how many more there are.
fn stages_by_rank(report: &Report, all: bool) -> (Vec<String>, usize) {
    let stages = report.stages();
    let is_stage = |at: &usize| report.network.parties.get(*at).is_some_and(|party| party.environment);
    let shown = super::matrix::shown(report, all);
    let shown: Vec<&Alike> = shown.iter().filter(|group| group.0.iter().all(is_stage)).collect();
    let rarer = stages.len().saturating_sub(shown.iter().map(|group| group.0.len()).sum());
    if shown.is_empty() {
        return (stages.into_iter().map(str::to_owned).collect(), 0);
    }
    (shown.into_iter().map(|group| group.name(&report.network)).collect(), rarer)
}

fn stages_in_order(stages: &[impl AsRef<str>], line: &mut Line) {
    for (position, stage) in stages.iter().enumerate() {
        if position > 0 {
            line.push(Ink::Faint, " ▸ ");
        }
        line.push(Ink::Strong, stage.as_ref());
    }
}

/// The clusters and what is shared; where there is much to tell, no more names than fit a line.
fn clusters(report: &Report, short: bool, screen: &mut Screen) {
    let mut shared: Vec<&str> = report.shared.iter().map(|namespace| namespace.name.as_str()).collect();
    shared.dedup();
    let shared = if shared.is_empty() { String::new() } else { format!("   shared: {}", listed(&shared, 6)) };
    let mut line = Line::new();
    match report.clusters.as_slice() {
        [] => return,
        [cluster] if cluster.evidence.is_empty() => line.push(Ink::Plain, "1 cluster"),
        [cluster] => line.push(Ink::Plain, format!("1 cluster ({})", cluster.evidence)),
        clusters => {
            let room = screen.width.saturating_sub(shared.width());
            let told = |at_most: &usize| several_clusters(clusters, *at_most);
            let fits = |at_most: &usize| !short || told(at_most).width() <= room;
            let at_most = (1..=6).rev().find(fits).unwrap_or(1);
            line.push(Ink::Plain, told(&at_most));
        }
    }
    screen.wrapped(&line.plain(shared), 4);
}

/// Their names, those known on one ground together.
fn several_clusters(clusters: &[ClusterSummary], at_most: usize) -> String {
    let mut grounds: Vec<(String, Vec<&str>)> = Vec::new();
    for cluster in clusters {
        // That a cluster is named for its folder needs no saying twice.
        let ground = cluster.evidence.replace(&format!(" `{}`", cluster.name), "");
        match grounds.iter_mut().find(|(known, _)| *known == ground) {
            Some((_, names)) => names.push(&cluster.name),
            None => grounds.push((ground, vec![&cluster.name])),
        }
    }
    let told = grounds.iter().map(|(ground, names)| match ground.as_str() {
        "" => listed(names, at_most),
        ground => format!("{} ({ground})", listed(names, at_most)),
    });
    format!("{}: {}", count(clusters.len(), "cluster"), told.collect::<Vec<_>>().join("; "))
}

/// Which spellings were taken for one stage. They are the same from street to street, so each is told once.
fn folds(report: &Report, all: bool, screen: &mut Screen) {
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
            told.push(format!("{} → {stage}", spellings.join(", ")));
        }
    }
    if told.is_empty() {
        return;
    }
    // One line or two; what is told of a spelling is told once, whatever the number of streets.
    let lines = if report.streets.len() > MANY_STREETS { 1 } else { 2 };
    let room = lines * screen.width - 25;
    let few = |number: &usize| told.iter().take(*number).map(|fold| fold.width() + 3).sum::<usize>() < room;
    let shown = if all { told.len() } else { (1..=told.len()).rev().find(|n| few(n)).unwrap_or(1) };
    let more = told.len() - shown;
    let more = if more > 0 { format!(" · {} more: --all", grouped(more)) } else { String::new() };
    let told = told.iter().take(shown).cloned().collect::<Vec<_>>().join(" · ");
    screen.wrapped(&Line::new().with(Ink::Faint, "spelt: ").plain(told).plain(more), 4);
}

/// Which environments are production though their names do not say it, and by what: ways into those come first, too.
fn productions(report: &Report, short: bool, screen: &mut Screen) {
    let mut grounds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for environment in report.streets.iter().flat_map(|street| &street.environments) {
        if let Some(ground) = &environment.production_by {
            grounds.entry(ground).or_default().push(&environment.stage);
        }
    }
    for (ground, mut stages) in grounds {
        stages.sort_unstable();
        stages.dedup();
        let stages = listed(&stages, if short { 4 } else { stages.len() });
        let line = Line::new().with(Ink::Faint, "production, too: ").plain(format!("{stages} (by {ground})"));
        screen.cut(&line, 4, if short { 1 } else { usize::MAX });
    }
}

/// What names no namespace and belongs to no environment: of a kind that nothing in the input defines nobody knows
/// whether it stands in one.
fn without_namespace(nowhere: &[NamespaceSummary], at_most: usize, short: bool, screen: &mut Screen) {
    // What stands on several clusters is counted together.
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for counted in nowhere.iter().flat_map(|namespace| &namespace.kinds) {
        *kinds.entry(&counted.kind).or_default() += counted.objects;
    }
    if !kinds.is_empty() {
        let kinds: Vec<String> = kinds.into_iter().map(|(kind, objects)| format!("{objects} × {kind}")).collect();
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
        let told = Line::new().plain(format!("without a namespace: {}", listed(&kinds, at_most)));
        let meaning = match short {
            true => "   (in no environment found)",
            false => "   (in no environment found, if they stand in a namespace at all)",
        };
        screen.wrapped(&told.with(Ink::Faint, meaning), 4);
    }
}

/// What only policies speak of: namespaces by their names, and what is asked for by labels, of which nobody knows the
/// name, nor how many it is. Of hundreds of streets both are one line.
fn elsewhere(report: &Report, at_most: usize, short: bool, screen: &mut Screen) {
    const MEANING: &str = "only policies speak of them";
    let (asked, named): (Vec<_>, Vec<_>) = report.elsewhere.iter().cloned().partition(|it| it.name.contains('='));
    let mut selectors: Vec<&str> = asked.iter().map(|it| it.name.as_str()).collect();
    selectors.dedup();
    if short && !named.is_empty() && !selectors.is_empty() {
        let meaning = format!("{MEANING}, and of {}", count(selectors.len(), "selector"));
        return namespaces("elsewhere", &meaning, &named, at_most, screen);
    }
    namespaces("elsewhere", MEANING, &named, at_most, screen);
    told_by("selector", "that no Namespace here answers", "", &selectors, at_most, screen);
}

fn namespaces(word: &str, meaning: &str, namespaces: &[NamespaceSummary], at_most: usize, screen: &mut Screen) {
    let mut names: Vec<&str> = namespaces.iter().map(|namespace| namespace.name.as_str()).collect();
    // One name in two clusters is told once, and counted once.
    names.dedup();
    told_by("namespace", word, meaning, &names, at_most, screen);
}

fn told_by(one: &str, word: &str, meaning: &str, names: &[&str], at_most: usize, screen: &mut Screen) {
    if names.is_empty() {
        return;
    }
    let head = format!("{} {word}: ", count(names.len(), one));
    let meaning = if meaning.is_empty() { String::new() } else { format!("   ({meaning})") };
    let room = screen.width.saturating_sub(head.width() + meaning.width());
    let names = if at_most == usize::MAX { listed(names, at_most) } else { fitting(names, at_most, room) };
    screen.wrapped(&Line::new().plain(head).plain(names).with(Ink::Faint, meaning), 4);
}
