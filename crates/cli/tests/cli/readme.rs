//! Every command in README.md is run, and every screen in it is what the command prints.
//!
//! `DTAP_UPDATE_README=1 cargo test -p dtap readme` writes the screens anew; `git diff` shows what changed.

use crate::harness::{root, run};

/// A command and what it prints, out of a `console` block.
struct Shown {
    command: String,
    screen: String,
}

fn shown(document: &str) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        match (inside, line) {
            (false, "```console" | "```sh") => inside = true,
            (true, "```") => inside = false,
            (true, line) => match (line.strip_prefix("$ "), shown.last_mut()) {
                (Some(command), _) => shown.push(Shown { command: command.to_owned(), screen: String::new() }),
                (None, _) if line.starts_with("cargo ") => {
                    shown.push(Shown { command: line.to_owned(), screen: String::new() });
                }
                (None, Some(last)) => {
                    last.screen.push_str(line);
                    last.screen.push('\n');
                }
                (None, None) => panic!("a block starts without a command: {line}"),
            },
            _ => {}
        }
    }
    shown
}

/// The arguments of the program in a command as people type it.
fn arguments(command: &str) -> Vec<&str> {
    let command = command.split(" #").next().unwrap_or_default().trim();
    let rest = ["cargo run --release -- ", "dtap "].iter().find_map(|program| command.strip_prefix(program));
    rest.unwrap_or_else(|| panic!("README.md shows a command that is not run: {command}")).split_whitespace().collect()
}

#[test]
fn every_screen_is_what_the_command_prints() {
    let path = root().join("README.md");
    let mut readme = std::fs::read_to_string(&path).expect("README.md is there");
    let update = std::env::var_os("DTAP_UPDATE_README").is_some();
    let shown = shown(&readme);
    assert!(shown.len() >= 3, "README.md shows too little");
    // This test is run by the one command that it cannot run.
    for Shown { command, screen } in shown.into_iter().filter(|shown| !shown.command.starts_with("cargo xtask test ")) {
        let run = run(&arguments(&command), &root());
        assert_ne!(run.status, 2, "{command}\n{}", run.stderr);
        if update && !screen.is_empty() {
            let block = |screen: &str| format!("$ {command}\n{}\n```", screen.trim_end());
            readme = readme.replace(&block(&screen), &block(&run.stdout));
        } else if !screen.is_empty() {
            assert_eq!(run.stdout.trim_end(), screen.trim_end(), "{command}");
        }
    }
    if update {
        std::fs::write(path, readme).expect("README.md can be written");
    }
}
