//! Any text is scanned to the end: decoded, placed, judged, shown as text and as JSON.

#![no_main]

use dtap_model::place::{Origin, Source};
use dtap_report::text::Style;
use dtap_report::{FailOn, json, text};
use dtap_snapshot::Reading;
use dtap_snapshot::decode::decode;
use dtap_snapshot::infer::{Corrections, snapshot};
use dtap_snapshot::reading::Context;
use dtap_verify::{Settings, verify};
use libfuzzer_sys::fuzz_target;

/// What a user sees with `--all`.
const STYLE: Style =
    Style { width: 100, colour: false, quiet: false, all: true, fail_on: FailOn::Error, rules: Vec::new() };

fuzz_target!(|input: &str| {
    let mut reading = Reading::default();
    let name = "dev/all.yaml".to_owned();
    let source = reading.sources.add(Source { name: name.clone(), origin: Origin::File, text: input.to_owned() });
    let decoded = decode(source, &name, input, &Context { path: name.clone(), ..Context::default() });
    reading.objects = decoded.objects;
    reading.pods = decoded.pods;
    reading.notices = decoded.notices;
    reading.unread = decoded.unread;
    let placed = snapshot(reading, &Corrections::default());
    let report = verify(&placed, &Settings::default());
    assert!(!text::show(&report, &placed.sources, &STYLE).is_empty());
    assert!(!json::show(&report, &placed.sources, FailOn::Error, &[]).is_empty());
});
