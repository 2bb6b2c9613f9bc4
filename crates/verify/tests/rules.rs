//! Every rule's examples: what breaks it is found under its code, what holds is not.

use dtap_model::place::{Origin, Source};
use dtap_report::Plane;
use dtap_snapshot::Reading;
use dtap_snapshot::decode::decode;
use dtap_snapshot::infer::{Corrections, snapshot};
use dtap_snapshot::reading::Context;
use dtap_verify::{Settings, rules::rules, verify};

/// Whether a scan of this text has a finding of the rule.
fn finds(code: &str, text: &str) -> bool {
    let mut reading = Reading::default();
    let name = "example.yaml".to_owned();
    let source = reading.sources.add(Source { name: name.clone(), origin: Origin::File, text: text.to_owned() });
    let context = Context { path: name.clone(), input: 0, rendered: false };
    let decoded = decode(source, &name, text, &context);
    reading.objects = decoded.objects;
    reading.pods = decoded.pods;
    reading.notices = decoded.notices;
    reading.unread = decoded.unread;
    let report = verify(&snapshot(reading, &Corrections::default()), &Settings::default());
    report.findings.iter().any(|finding| finding.rule.code == code)
}

#[test]
fn what_breaks_a_rule_is_found_and_what_holds_is_not() {
    // Examples of several files need a folder: they are tried where folders are read.
    let whole = rules().into_iter().filter(|rule| !rule.breaks.contains("# file:"));
    for rule in whole.filter(|rule| rule.plane != Plane::Network) {
        assert!(finds(rule.code, rule.breaks), "{} is not found in what breaks it", rule.code);
        assert!(!finds(rule.code, rule.holds), "{} is found in what holds", rule.code);
    }
}

#[test]
fn codes_are_unique_and_every_part_is_told() {
    let rules = rules();
    for pair in rules.windows(2) {
        assert!(pair[0].code < pair[1].code, "{}", pair[1].code);
    }
    for rule in rules.into_iter().filter(|rule| rule.plane != Plane::Network) {
        let parts = [rule.title, rule.why, rule.breaks, rule.holds, rule.mend];
        assert!(parts.iter().all(|part| !part.is_empty()), "{}", rule.code);
    }
}
