//! `--help`, `--version`, completion, and how the program is called.

use crate::harness::{dtap, finish, root, run};
use dtap_report::assumption::ASSUMPTIONS;

#[test]
fn every_help_is_as_agreed() {
    for verb in ["", "scan", "reach", "diff", "explain", "completion"] {
        let arguments: Vec<&str> = [verb, "--help"].into_iter().filter(|argument| !argument.is_empty()).collect();
        let run = run(&arguments, &root());
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{verb}");
        assert!(run.stdout.contains("Examples:"), "{verb} has no example:\n{}", run.stdout);
        assert!(run.stdout.contains("Exit status: 0"), "{verb} does not say its exit status:\n{}", run.stdout);
        insta::assert_snapshot!(format!("help_{verb}"), run.stdout);
    }
}

#[test]
fn the_version_tells_the_commit() {
    let run = run(&["--version"], &root());
    let commit =
        std::process::Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).current_dir(root()).output();
    let version = format!("dtap {}", env!("CARGO_PKG_VERSION"));
    assert!(run.stdout.starts_with(&version), "{}", run.stdout);
    if let Ok(commit) = commit
        && commit.status.success()
    {
        // The commit of the build; a commit made since is another one.
        let told = run.stdout.trim().strip_prefix(&version).unwrap().trim();
        let told = told.trim_start_matches('(').split(' ').next().unwrap();
        assert!(told.len() >= 12 && told.chars().all(|digit| digit.is_ascii_hexdigit()), "{}", run.stdout);
    }
}

#[test]
fn there_is_a_completion_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = run(&["completion", shell], &root());
        assert_eq!(run.status, 0, "{shell}: {}", run.stderr);
        assert!(run.stdout.contains("fail-on"), "{shell} does not know the options of scan");
    }
}

#[test]
fn the_completion_of_bash_offers_verbs_and_options() {
    let script = run(&["completion", "bash"], &root()).stdout;
    let folder = crate::harness::folder(&[("dtap.bash", script.as_str())]);
    let offered = |words: &str, at: usize| {
        let complete = format!(
            "source ./dtap.bash && COMP_WORDS=({words}) COMP_CWORD={at} && _dtap dtap \"${{COMP_WORDS[{at}]}}\" \"${{COMP_WORDS[{at}-1]}}\" && \
             echo \"${{COMPREPLY[@]}}\""
        );
        let mut bash = std::process::Command::new("bash");
        bash.args(["--norc", "-c", &complete]).current_dir(folder.path());
        let run = finish(bash);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{words}");
        run.stdout
    };
    assert_eq!(offered("dtap expl", 1).trim(), "explain");
    assert!(offered("dtap scan --fail", 2).contains("--fail-on"));
    assert!(offered("dtap scan --fail-on ''", 3).contains("difference"));
    assert!(offered("dtap explain ''", 2).contains("NET001"));
    assert!(offered("dtap explain pod", 2).contains("pod-range"));
    assert!(offered("dtap scan --rule ''", 3).contains("PAR007"));
    assert!(offered("dtap scan --assume ''", 3).contains("cni-enforces"));
}

#[test]
fn the_exit_statuses_are_explained() {
    let told = run(&["explain", "exit-status"], &root());
    assert_eq!((told.status, told.stderr.as_str()), (0, ""));
    for verb in ["dtap scan", "dtap reach", "dtap diff"] {
        assert!(told.stdout.contains(verb), "{}", told.stdout);
    }
}

#[cfg(unix)]
#[test]
fn kubectl_runs_it_as_a_plugin() {
    let folder = tempfile::tempdir().unwrap();
    let plugin = folder.path().join("kubectl-dtap");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_dtap"), &plugin).unwrap();
    let mut command = std::process::Command::new(plugin);
    command.args(["scan", "--help"]);
    let run = finish(command);
    assert!(run.stdout.contains("Usage: kubectl dtap scan"), "{}", run.stdout);
}

#[test]
fn a_misspelt_option_is_answered_with_the_right_one() {
    for (arguments, meant) in [
        (&["scan", "--enviroment", "a=b"][..], "--environment"),
        (&["scna", "."], "scan"),
        (&["scan", "--fail-on", "eror"], "error"),
        (&["explain", "NET0001"], "NET001"),
        (&["explain", "asumptions"], "assumptions"),
        (&["explain", "exitstatus"], "exit-status"),
        (&["explain", "podrange"], "pod-range"),
        (&["scan", "--rule", "NET01"], "NET001"),
        (&["explian", "NET001"], "explain"),
        (&["diff", "acc", "prd", "--excldue", "x"], "--exclude"),
        (&["completion", "bsh"], "bash"),
        (&["scan", "--assume", "cni-enforce"], "cni-enforces"),
    ] {
        let run = run(arguments, &root());
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.stderr.contains(meant), "{arguments:?} is answered with:\n{}", run.stderr);
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
}

#[test]
fn explain_answers_to_planes_prefixes_and_words() {
    for (asked, told, other) in [
        ("network", "NET001", "PAR001"),
        ("Isolation", "NET001", "PAR001"),
        ("parity", "PAR001", "NET001"),
        ("sources", "SRC001", "NET001"),
        ("net", "NET001", "PAR001"),
        ("PAR", "PAR001", "NET001"),
        ("NET01", "NET010", "NET001"),
        ("replicas", "PAR007", "NET001"),
        ("par007", "replicas", "NET001"),
        ("Assumptions", "cni-enforces", "NET001"),
        ("cni-enforces", "settled by", "input-complete"),
    ] {
        let run = run(&["explain", asked], &root());
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{asked}");
        assert!(run.stdout.contains(told) && !run.stdout.contains(other), "{asked}:\n{}", run.stdout);
    }
    let nothing = run(&["explain", "qqq"], &root());
    assert_eq!((nothing.status, nothing.stdout.as_str()), (2, ""));
    assert!(nothing.stderr.contains("dtap explain lists every rule"), "{}", nothing.stderr);
}

#[test]
fn explain_lists_every_rule_and_tells_each() {
    let list = run(&["explain"], &root());
    assert_eq!((list.status, list.stderr.as_str()), (0, ""));
    for rule in dtap_verify::rules::rules() {
        assert!(list.stdout.contains(rule.code), "{} is not listed", rule.code);
        let told = run(&["explain", &rule.code.to_lowercase()], &root());
        assert_eq!(told.status, 0);
        assert!(told.stdout.starts_with(rule.code), "{}", told.stdout);
    }
    let assumptions = run(&["explain", "assumptions"], &root());
    for known in ASSUMPTIONS {
        assert!(assumptions.stdout.contains(known.name), "{} is not explained", known.name);
    }
    let scan = run(&["scan", "-o", "json", "examples/shop-as-found"], &root());
    let report: serde_json::Value = serde_json::from_str(&scan.stdout).expect("it is JSON");
    let stands_on = report["assumptions"].as_array().expect("verdicts stand on something");
    assert!(stands_on.len() >= 3);
    for assumption in stands_on {
        assert!(ASSUMPTIONS.iter().any(|known| assumption["name"] == known.name), "{assumption} is not explained");
    }
}

#[test]
fn no_colour_without_a_terminal_and_colour_on_request() {
    let plain = run(&["explain"], &root());
    assert!(!plain.stdout.contains('\u{1b}'));
    let coloured = run(&["--color", "always", "explain"], &root());
    assert!(coloured.stdout.contains('\u{1b}'));
    let mut command = dtap(&["explain", "NET0"], &root());
    command.env("NO_COLOR", "1");
    assert!(!finish(command).stderr.contains('\u{1b}'));
}
