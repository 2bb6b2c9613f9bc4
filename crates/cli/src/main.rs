//! The `dtap` command: parses the command line, joins the crates, prints.

fn main() {}
