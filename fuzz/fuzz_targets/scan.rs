//! Any text is scanned to the end: decoded, placed, judged.

#![no_main]

use dtap_model::place::{Origin, Source};
use dtap_snapshot::Reading;
use dtap_snapshot::decode::decode;
use dtap_snapshot::infer::{Corrections, snapshot};
use dtap_snapshot::reading::Context;
use dtap_verify::{Settings, verify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut reading = Reading::default();
    let name = "dev/all.yaml".to_owned();
    let source = reading.sources.add(Source { name: name.clone(), origin: Origin::File, text: text.to_owned() });
    let decoded = decode(source, &name, text, &Context { path: name.clone(), ..Context::default() });
    reading.objects = decoded.objects;
    reading.pods = decoded.pods;
    reading.notices = decoded.notices;
    reading.unread = decoded.unread;
    let placed = snapshot(reading, &Corrections::default());
    let report = verify(&placed, &Settings::default());
    drop(report);
});
