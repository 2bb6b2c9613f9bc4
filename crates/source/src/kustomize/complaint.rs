//! What kustomize complains of, in one line: its own complaints nest, repeat themselves and quote whole objects.

use super::kustomization::Kustomization;

/// The longest line that is passed on, in characters.
const LONGEST: usize = 240;

/// The essence of a complaint about a root. Never quotes contents: they may be secret.
pub fn essence(complaint: &str, root: &Kustomization) -> String {
    let line = complaint.lines().rev().find(|line| is_complaint(line)).or_else(|| complaint.lines().next_back());
    let line = line.unwrap_or("it gave no reason");
    // kubectl logs: E1124 22:41:05.655308 15904 run.go:72] "command failed" err="…"
    let line = match line.split_once("err=\"") {
        Some((_, quoted)) => quoted.trim_end().trim_end_matches('"').replace("\\\"", "\"").replace("\\n", " "),
        None => line.trim_start_matches("Error: ").trim_start_matches("error: ").to_owned(),
    };
    let named = with_names(innermost(&line), root);
    let mut essence: String = without_contents(&named).split_whitespace().collect::<Vec<_>>().join(" ");
    if essence.chars().count() > LONGEST {
        essence = essence.chars().take(LONGEST).chain(['…']).collect();
    }
    essence
}

fn is_complaint(line: &str) -> bool {
    line.starts_with("Error:") || line.starts_with("error:") || line.contains("err=\"")
}

/// A complaint about a base is wrapped once for each kustomization on the way to it; the innermost says what is wrong.
fn innermost(line: &str) -> &str {
    let after = |line: &'_ str, mark: &str| line.rfind(mark).map(|at| at + mark.len());
    let line = match after(line, "recursed accumulation of path '") {
        Some(at) => line.get(at..).and_then(|rest| rest.split_once("': ")).map_or(line, |(_, rest)| rest),
        None => line,
    };
    // A file that is no YAML is then tried as a folder: the first reason counts, not the second.
    match after(line, "accumulating resources from '") {
        Some(at) => {
            let rest = line.get(at..).and_then(|rest| rest.split_once("': ")).map_or(line, |(_, rest)| rest);
            rest.split_once("': must build at directory").map_or(rest, |(reason, _)| reason)
        }
        None => line,
    }
}

/// Paths as a person knows them: kustomize names them from the root of the file system, or from a temporary folder.
fn with_names(line: &str, root: &Kustomization) -> String {
    let folder = root.folder.to_string_lossy();
    line.replace(&format!("{folder}/"), &format!("{}/", root.spelling.name))
        .replace(&format!("'{folder}'"), &format!("'{}'", root.spelling.name))
}

/// Quoted objects and patches are left out.
fn without_contents(line: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for character in line.chars() {
        match character {
            '{' | '[' => {
                if depth == 0 {
                    kept.push('…');
                }
                depth += 1;
            }
            '}' | ']' if depth > 0 => depth -= 1,
            _ if depth == 0 => kept.push(character),
            _ => {}
        }
    }
    kept
}
