//! Every rule of this crate, for `dtap explain` and the manual.

use dtap_report::Rule;

/// Every rule, by code.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = Vec::new();
    rules.sort_by_key(|rule| rule.code);
    rules
}
