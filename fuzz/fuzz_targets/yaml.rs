//! Any text is decoded without a panic, and the recogniser of block style reads what it recognises as the parser does.

#![no_main]

use dtap_model::place::SourceId;
use dtap_snapshot::decode::{both_ways, decode};
use dtap_snapshot::reading::Context;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let decoded = decode(SourceId(0), "fuzz.yaml", text, &Context::default());
    // Nothing grows out of nothing: what aliases add is bounded.
    assert!(decoded.documents <= text.len());
    if let Some((recognised, parsed)) = both_ways(text) {
        assert_eq!(Ok(recognised), parsed);
    }
});
