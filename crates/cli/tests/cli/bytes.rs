//! The same input gives the same bytes; a reader that leaves is no accident.

use crate::harness::{dtap, root, run, run_with_input};
use std::io::Read;
use std::process::Stdio;

#[test]
fn the_same_input_gives_the_same_bytes() {
    for format in ["text", "json"] {
        let arguments = ["scan", "-o", format, "--all", "examples/shop-as-found"];
        let first = run(&arguments, &root());
        assert!(first.stdout.len() > 1000, "{}", first.stdout);
        for threads in ["1", "2", "7"] {
            let mut command = dtap(&arguments, &root());
            command.env("RAYON_NUM_THREADS", threads);
            assert_eq!(first, crate::harness::finish(command), "with {threads} threads");
        }
    }
}

#[test]
fn standard_input_and_files_say_the_same() {
    let root = root();
    let mut text = String::new();
    for stage in ["dev", "tst", "acc", "prd"] {
        let folder = root.join("examples/shop-as-found").join(stage);
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        for file in files {
            text.push_str(&std::fs::read_to_string(file).unwrap());
            text.push_str("\n---\n");
        }
    }
    let matrix = |shown: &str| -> serde_json::Value {
        let report: serde_json::Value = serde_json::from_str(shown).unwrap();
        report["network"]["matrix"]["cells"].clone()
    };
    let stages = ["dev", "tst", "acc", "prd"].map(|stage| format!("examples/shop-as-found/{stage}"));
    let arguments: Vec<&str> = ["scan", "-o", "json"].into_iter().chain(stages.iter().map(String::as_str)).collect();
    let read = run_with_input(&["scan", "-o", "json", "-"], &text);
    assert_eq!(matrix(&run(&arguments, &root).stdout).as_array().map(Vec::len), Some(4));
    let without_counts = |mut cells: serde_json::Value| {
        for cell in cells.as_array_mut().unwrap().iter_mut().flat_map(|row| row.as_array_mut().unwrap()) {
            cell["because"] = serde_json::Value::Null;
        }
        cells
    };
    assert_eq!(without_counts(matrix(&run(&arguments, &root).stdout)), without_counts(matrix(&read.stdout)));
}

#[test]
fn a_closed_pipe_ends_it_without_a_word() {
    for arguments in
        [&["scan", "-o", "json", "--all", "examples/shop-as-found"][..], &["completion", "bash"], &["explain"]]
    {
        let mut child =
            dtap(arguments, &root()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        drop(child.stdout.take());
        let mut complaints = String::new();
        child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
        let status = child.wait().unwrap();
        assert_eq!(complaints, "", "{arguments:?}");
        assert_ne!(status.code(), Some(101), "{arguments:?} panicked");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = dtap(&["explain"], &root()).stdout(full).stderr(Stdio::piped()).output().unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(complaint.starts_with("error: the output cannot be written"), "{complaint}");
}
