//! A report of hundreds of streets whose stages differ, made by hand of the one in `shop`.

use crate::shop::{finding, many, matrix, rule, street};
use dtap_model::place::Sources;
use dtap_report::report::{ClusterSummary, NamespaceSummary};
use dtap_report::{Cell, Finding, Plane, Report, Rule, Severity, Verdict};

/// Ten stages of which no two agree, and fourteen that all agree; long names, and warnings of several long causes.
pub fn diverse() -> (Report, Sources) {
    let (mut report, sources) = many();
    let differing = ["dev", "test", "qa", "training", "uat", "staging", "preprod", "prd", "demo", "beta"];
    let agreeing = [
        "archive",
        "dnstest",
        "e2e",
        "local",
        "metabase",
        "parity",
        "poc",
        "prototype",
        "repos",
        "sandbox",
        "spike",
        "test-dev",
        "trial",
        "upgrade",
    ];
    let stages: Vec<&str> = differing.into_iter().chain(agreeing).collect();
    report.network = matrix(&stages, &["monitoring", "unplaced"], "prd");
    for (row, cells) in report.network.cells.iter_mut().enumerate() {
        for (column, cell) in cells.iter_mut().enumerate().filter(|(column, _)| *column != row) {
            let (verdict, findings) = match (row < differing.len(), column < differing.len()) {
                (true, true) if (row + 2 * column) % 5 == 0 => (Verdict::Broken, row + 1),
                (true, true) if row * column % 3 == 0 => (Verdict::Unknown, 0),
                (true, false) if row % 2 == 0 && column < stages.len() => (Verdict::Unknown, 0),
                _ => continue,
            };
            *cell = Cell { verdict, findings, because: Vec::new() };
        }
    }
    let names = |number: usize| if number < 500 { &differing[..] } else { &agreeing[..1 + number % agreeing.len()] };
    report.streets = (0..700).map(|number| street(&format!("application-{number:03}"), names(number))).collect();
    let long = "justice.gov.example";
    report.clusters = ["live", "live-2"]
        .map(|name| ClusterSummary { name: format!("{name}.cloud-platform.service.{long}"), evidence: "folder".into() })
        .into();
    report.elsewhere =
        (0..25).map(|number| NamespaceSummary { name: format!("team-{number}"), ..Default::default() }).collect();
    report.input.unread.clear();
    report.unknown = vec![
        "whether monitoring can open 20 of 24 stages: policy allow-ingress-controllers admits every namespace with \
         component=ingress-controllers, and no Namespace in the input shows the labels of monitoring"
            .to_owned(),
        "reason 2".to_owned(),
    ];
    for (rule, number) in [(&ALIKE, 4), (&UNDECIDED, 7), (&HIDDEN, 21), (&SAID, 33)] {
        let several =
            (0..number).map(|at| Finding { production: at < 2, ..finding(rule, &format!("{at}"), Vec::new()) });
        report.findings.extend(several);
    }
    let alone = "(none) is in no environment found, and can open dev, db-backups, repos and prd, and be opened by 23 of 24 \
                 stages ((none)/dead-letters to formbuilder-repos/(a new pod) for one)";
    report.findings.push(finding(&UNPLACED, alone, Vec::new()));
    let notes = [&ONE_SIDE, &STRUCTURE, &CONFIGURATION];
    report
        .findings
        .extend(notes.into_iter().flat_map(|rule| (0..9).map(move |at| finding(rule, &format!("{at}"), vec![]))));
    (report, sources)
}

static ALIKE: Rule = rule(
    "NET008",
    "several documents are one NetworkPolicy or workload, and say different things",
    Plane::Network,
    Severity::Warning,
);
static UNDECIDED: Rule = rule(
    "NET011",
    "whether a pod of one environment can open a connection to another could not be decided",
    Plane::Network,
    Severity::Warning,
);
static HIDDEN: Rule = rule(
    "NET012",
    "a policy admits by labels of a namespace that the input does not show, whoever that is",
    Plane::Network,
    Severity::Warning,
);
pub static UNPLACED: Rule =
    rule("NET014", "a namespace of no environment can be opened by one", Plane::Network, Severity::Warning);
static SAID: Rule =
    rule("SRC004", "labels, a name or a folder say different environments", Plane::Sources, Severity::Warning);
static ONE_SIDE: Rule =
    rule("PAR001", "an object that only one of two environments has", Plane::Parity, Severity::Note);
static STRUCTURE: Rule = rule("PAR002", "the structure of an object differs", Plane::Parity, Severity::Note);
static CONFIGURATION: Rule = rule("PAR003", "configuration differs", Plane::Parity, Severity::Note);
