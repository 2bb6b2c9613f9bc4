//! Every rule of this crate, for `dtap explain` and the manual.

use crate::parity;
use dtap_report::Rule;

/// Every rule, by code.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = parity::rules::ALL.to_vec();
    rules.sort_by_key(|rule| rule.code);
    rules
}
