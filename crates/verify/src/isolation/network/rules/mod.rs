//! The rules of the network plane, one file each: what it complains of, why, and how to mend it.

pub mod cross_environment_contact;
pub mod no_default_deny;
pub mod undecided_contact;

use dtap_report::Rule;

/// Every rule of the plane, by code.
pub static RULES: [&Rule; 3] = [&cross_environment_contact::RULE, &no_default_deny::RULE, &undecided_contact::RULE];
