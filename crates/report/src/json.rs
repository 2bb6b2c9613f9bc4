//! Reports as JSON: `schemas/` says what is in them. Every line of a screen has its field.

use crate::difference::{Difference, Differences};
use crate::excerpt::{Masked, excerpt};
use crate::exit::{FailOn, Outcome};
use crate::finding::{Evidence, Finding};
use crate::matrix::Matrix;
use crate::position::Positions;
use crate::reach::{Reach, Reachable};
use crate::report::{
    Assumption, Candidate, ClusterSummary, Input, LeftOut, NamespaceSummary, ParityStep, Report, StreetSummary,
    Undecided,
};
use crate::rule::{Plane, Severity};
use dtap_model::place::{Place, Sources};
use rayon::prelude::*;
use serde::Serialize;

/// The version of the schema. A field more is no new version, a field less or another meaning is.
pub const SCHEMA: &str = "dtap.dev/report/v1";

/// The same of what [`show_differences`] gives.
pub const DIFFERENCES_SCHEMA: &str = "dtap.dev/diff/v1";

/// The same of what [`show_reach`] gives.
pub const REACH_SCHEMA: &str = "dtap.dev/reach/v1";

/// How wide an excerpt may be.
const WIDTH: usize = 200;

#[derive(Serialize)]
struct Document<'report> {
    schema: &'static str,
    outcome: Outcome,
    exit_status: u8,
    fail_on: FailOn,
    input: ToldInput<'report>,
    streets: &'report [StreetSummary],
    clusters: &'report [ClusterSummary],
    shared: &'report [NamespaceSummary],
    unplaced: &'report [NamespaceSummary],
    elsewhere: &'report [NamespaceSummary],
    network: Network<'report>,
    assumptions: &'report [Assumption],
    unknown: &'report [String],
    undecided: Vec<ToldUndecided<'report>>,
    parity: &'report [ParityStep],
    left_out: Option<ToldLeftOut<'report>>,
    findings: Vec<Told<'report>>,
    candidates: &'report [Candidate],
    suggested: &'report [String],
}

#[derive(Serialize)]
struct ToldLeftOut<'report> {
    rules: &'report [&'static str],
    findings: LeftOut,
}

#[derive(Serialize)]
struct ToldInput<'report> {
    paths: &'report [String],
    files: usize,
    documents: usize,
    objects: usize,
    rendered: usize,
    not_kubernetes: &'report [(String, usize)],
    left_out: &'report [(String, usize)],
    unread: Vec<ToldUnread<'report>>,
}

#[derive(Serialize)]
struct ToldUnread<'report> {
    name: &'report str,
    why: &'report str,
    hint: Option<&'report str>,
    place: Option<ToldPlace<'report>>,
}

#[derive(Serialize)]
struct ToldUndecided<'report> {
    why: &'report str,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<&'static str>,
    mend: &'report str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<ToldPlace<'report>>,
}

#[derive(Serialize)]
struct ToldPlace<'report> {
    file: &'report str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Network<'report> {
    matrix: &'report Matrix,
    by_street: Vec<OfStreet<'report>>,
}

#[derive(Serialize)]
struct OfStreet<'report> {
    street: &'report str,
    matrix: &'report Matrix,
}

#[derive(Serialize)]
struct Told<'report> {
    rule: &'static str,
    title: &'static str,
    plane: Plane,
    severity: Severity,
    summary: &'report str,
    about: &'report str,
    cause: &'report str,
    mend: &'report str,
    environments: &'report [String],
    production: bool,
    known: bool,
    cases: usize,
    fingerprint: &'report str,
    evidence: Vec<Shown<'report>>,
}

#[derive(Serialize)]
struct Shown<'report> {
    file: &'report str,
    line: usize,
    column: usize,
    label: &'report str,
    excerpt: String,
}

/// The report as one JSON document, ending in a newline; where there are `rules`, with their findings alone.
#[must_use]
pub fn show(report: &Report, sources: &Sources, fail_on: FailOn, rules: &[&'static str]) -> String {
    let shown: Vec<&Finding> =
        report.findings.iter().filter(|finding| rules.is_empty() || rules.contains(&finding.rule.code)).collect();
    let places = shown.iter().flat_map(|finding| &finding.evidence).map(|evidence| evidence.place);
    let unread = report.input.unread.iter().filter_map(|unread| unread.place);
    let open = report.undecided.iter().filter_map(|it| it.place);
    let positions = Positions::of(sources, places.chain(unread).chain(open));
    let masked = Masked::by(sources, report.findings.iter().flat_map(|finding| &finding.evidence));
    let outcome = report.outcome(fail_on);
    let undecided = report.undecided.iter().map(|Undecided { why, explain, mend, place }| ToldUndecided {
        why,
        explain: *explain,
        mend,
        place: place.and_then(|place| told_place(place, sources, &positions)),
    });
    let document = Document {
        schema: SCHEMA,
        outcome,
        exit_status: outcome.status(fail_on),
        fail_on,
        input: told_input(&report.input, sources, &positions),
        streets: &report.streets,
        clusters: &report.clusters,
        shared: &report.shared,
        unplaced: &report.unplaced,
        elsewhere: &report.elsewhere,
        network: Network {
            matrix: &report.network,
            by_street: report.network_by_street.iter().map(|(street, matrix)| OfStreet { street, matrix }).collect(),
        },
        assumptions: &report.assumptions,
        unknown: &report.unknown,
        undecided: undecided.collect(),
        parity: &report.parity,
        left_out: report.left_out(rules).map(|findings| ToldLeftOut { rules, findings }),
        findings: shown.par_iter().map(|finding| told(finding, sources, &positions, &masked)).collect(),
        candidates: &report.candidates,
        suggested: &report.suggested,
    };
    written(&document)
}

fn told_place<'report>(place: Place, sources: &'report Sources, positions: &Positions) -> Option<ToldPlace<'report>> {
    let at = positions.start(place)?;
    Some(ToldPlace { file: &sources.get(place.source)?.name, line: at.line, column: at.column })
}

fn told_input<'report>(input: &'report Input, sources: &'report Sources, positions: &Positions) -> ToldInput<'report> {
    let unread = input.unread.iter().map(|unread| ToldUnread {
        name: &unread.name,
        why: &unread.why,
        hint: unread.hint.as_deref(),
        place: unread.place.and_then(|place| told_place(place, sources, positions)),
    });
    ToldInput {
        paths: &input.paths,
        files: input.files,
        documents: input.documents,
        objects: input.objects,
        rendered: input.rendered,
        not_kubernetes: &input.not_kubernetes,
        left_out: &input.left_out,
        unread: unread.collect(),
    }
}

fn told<'report>(
    finding: &'report Finding,
    sources: &'report Sources,
    positions: &Positions,
    masked: &Masked,
) -> Told<'report> {
    Told {
        rule: finding.rule.code,
        title: finding.rule.title,
        plane: finding.rule.plane,
        severity: finding.severity,
        summary: &finding.summary,
        about: &finding.about,
        cause: &finding.cause,
        mend: finding.mend.as_deref().unwrap_or(finding.rule.mend),
        environments: &finding.environments,
        production: finding.production,
        known: finding.known,
        cases: finding.cases,
        fingerprint: &finding.fingerprint.0,
        evidence: finding
            .evidence
            .iter()
            .filter_map(|evidence| shown_at(evidence, sources, positions, masked))
            .collect(),
    }
}

fn shown_at<'report>(
    evidence: &'report Evidence,
    sources: &'report Sources,
    positions: &Positions,
    masked: &Masked,
) -> Option<Shown<'report>> {
    let source = sources.get(evidence.place.source)?;
    let at = positions.start(evidence.place)?;
    let excerpt = excerpt(source, evidence, masked, WIDTH).text;
    Some(Shown { file: &source.name, line: at.line, column: at.column, label: &evidence.label, excerpt })
}

#[derive(Serialize)]
struct DifferencesDocument<'report> {
    schema: &'static str,
    exit_status: u8,
    from: &'report str,
    to: &'report str,
    differences: usize,
    unknown: &'report [String],
    causes: Vec<ToldCause<'report>>,
}

#[derive(Serialize)]
struct ToldCause<'report> {
    rule: &'static str,
    title: &'static str,
    summary: &'report str,
    fingerprint: &'report str,
    differences: Vec<ToldDifference<'report>>,
}

#[derive(Serialize)]
struct ToldDifference<'report> {
    object: &'report str,
    path: &'report str,
    from: ToldSide<'report>,
    to: ToldSide<'report>,
}

#[derive(Serialize)]
struct ToldSide<'report> {
    value: Option<&'report str>,
    file: Option<&'report str>,
    line: Option<usize>,
    column: Option<usize>,
}

/// Everything in which two environments differ, as one JSON document, ending in a newline.
#[must_use]
pub fn show_differences(differences: &Differences, sources: &Sources) -> String {
    let positions = Positions::of(sources, differences.places());
    let document = DifferencesDocument {
        schema: DIFFERENCES_SCHEMA,
        exit_status: differences.status(),
        from: &differences.from,
        to: &differences.to,
        differences: differences.count(),
        unknown: &differences.unknown,
        causes: differences
            .causes
            .iter()
            .map(|cause| ToldCause {
                rule: cause.rule.code,
                title: cause.rule.title,
                summary: &cause.summary,
                fingerprint: &cause.fingerprint.0,
                differences: cause.differences.iter().map(|one| told_difference(one, sources, &positions)).collect(),
            })
            .collect(),
    };
    written(&document)
}

fn told_difference<'report>(
    difference: &'report Difference,
    sources: &'report Sources,
    positions: &Positions,
) -> ToldDifference<'report> {
    let side = |value: &'report Option<String>, place: Option<Place>| {
        let at = place.and_then(|place| positions.start(place));
        ToldSide {
            value: value.as_deref(),
            file: place.and_then(|place| sources.get(place.source)).map(|source| source.name.as_str()),
            line: at.map(|at| at.line),
            column: at.map(|at| at.column),
        }
    };
    ToldDifference {
        object: &difference.object,
        path: &difference.path,
        from: side(&difference.from, difference.from_place),
        to: side(&difference.to, difference.to_place),
    }
}

#[derive(Serialize)]
struct ReachDocument<'report> {
    schema: &'static str,
    exit_status: u8,
    from: &'report str,
    to: &'report str,
    port: Option<&'report str>,
    opens: String,
    reachable: Reachable,
    because: Vec<ToldReason<'report>>,
}

#[derive(Serialize)]
struct ToldReason<'report> {
    text: &'report str,
    evidence: Option<Shown<'report>>,
}

/// The answer to one question as one JSON document, ending in a newline.
#[must_use]
pub fn show_reach(reach: &Reach, sources: &Sources) -> String {
    let evidence = reach.because.iter().filter_map(|reason| reason.evidence.as_ref());
    let positions = Positions::of(sources, evidence.map(|evidence| evidence.place));
    let because = reach.because.iter().map(|reason| {
        let evidence = reason.evidence.as_ref();
        ToldReason {
            text: &reason.text,
            evidence: evidence.and_then(|evidence| shown_at(evidence, sources, &positions, &Masked::default())),
        }
    });
    written(&ReachDocument {
        schema: REACH_SCHEMA,
        exit_status: reach.reachable.status(),
        from: &reach.from,
        to: &reach.to,
        port: reach.port.as_deref(),
        opens: reach.opens.told(),
        reachable: reach.reachable,
        because: because.collect(),
    })
}

/// A document as text. Maps with keys that are no text are what cannot be written as JSON, and there are none.
fn written(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
