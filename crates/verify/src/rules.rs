//! Every rule of this crate, for `dtap explain` and the manual.

use crate::{isolation, parity, reading};
use dtap_report::Rule;

/// Every rule, by code.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let network = isolation::network::rules::RULES;
    let mut rules: Vec<&'static Rule> = network.into_iter().chain(parity::rules::ALL).chain(reading::ALL).collect();
    rules.sort_by_key(|rule| rule.code);
    rules
}
