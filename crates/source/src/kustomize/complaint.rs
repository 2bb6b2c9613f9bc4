//! What kustomize complains of, in one line: its own complaints nest, repeat themselves and quote whole objects.

use super::kustomization::Kustomization;

/// What stands for a value.
pub const MASK: &str = "***";

/// The longest line that is passed on, in characters.
const LONGEST: usize = 240;

/// The essence of a complaint about a root. Never quotes contents: they may be secret.
pub fn essence(complaint: &str, root: &Kustomization) -> String {
    let line = match complaint.rsplit_once("err=<") {
        // kubectl logs a complaint of several lines between `err=<` and `>`.
        Some((_, block)) => without_quotes(block.trim().trim_end_matches('>')),
        None => last_line(complaint),
    };
    let named = with_names(innermost(&line), root);
    let told = without_values(&without_contents(&named));
    let mut essence: String = told.split_whitespace().collect::<Vec<_>>().join(" ");
    if !essence.contains(char::is_alphabetic) {
        return "it gave no reason".to_owned();
    }
    if essence.chars().count() > LONGEST {
        essence = essence.chars().take(LONGEST).chain(['…']).collect();
    }
    essence
}

/// The last line that complains, without what the program puts around it.
fn last_line(complaint: &str) -> String {
    let line = complaint.lines().rev().find(|line| is_complaint(line)).or_else(|| complaint.lines().next_back());
    let line = line.unwrap_or_default();
    // kubectl logs: E1124 22:41:05.655308 15904 run.go:72] "command failed" err="…"
    match line.split_once("err=\"") {
        Some((_, quoted)) => quoted.trim_end().trim_end_matches('"').replace("\\\"", "\"").replace("\\n", " "),
        None => line.trim_start_matches("Error: ").trim_start_matches("error: ").to_owned(),
    }
}

fn is_complaint(line: &str) -> bool {
    line.starts_with("Error:") || line.starts_with("error:") || line.contains("err=\"")
}

/// A text of several lines in one, without what stands between backticks: whole patches.
fn without_quotes(block: &str) -> String {
    let unquoted = block.split('`').step_by(2).collect::<Vec<_>>().join("…");
    unquoted.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// A complaint with `***` for the values that it quotes: all but the paths of files and the kinds of objects.
fn without_values(line: &str) -> String {
    let mut told = String::with_capacity(line.len());
    let mut rest = line;
    // The apostrophe of `couldn't` quotes nothing.
    let opens = |rest: &str| {
        let before = std::iter::once(' ').chain(rest.chars());
        let mut marks = rest.char_indices().zip(before);
        marks.find(|((_, mark), before)| matches!(mark, '\'' | '"') && !before.is_alphanumeric()).map(|((at, _), _)| at)
    };
    while let Some(at) = opens(rest) {
        let (before, quoted) = rest.split_at(at);
        let mark = quoted.chars().next().unwrap_or('"');
        let inner = quoted.get(1..).unwrap_or_default();
        let (value, after) = inner.split_once(mark).unwrap_or((inner, ""));
        told.push_str(before);
        told.push(mark);
        told.push_str(if is_path(value) { value } else { MASK });
        told.push(mark);
        rest = after;
    }
    told.push_str(rest);
    match told.split_once("invalid literal source ") {
        Some((before, behind)) => {
            let end = behind.rfind(", expected").unwrap_or(behind.len());
            format!("{before}invalid literal source {MASK}{}", behind.get(end..).unwrap_or_default())
        }
        None => told,
    }
}

/// Whether a text is the path of a file or folder and not a value that stands where one should.
pub fn is_path(text: &str) -> bool {
    let characters = text.chars().all(|character| character.is_alphanumeric() || "/._-~+".contains(character));
    let name = text.rsplit('/').next().unwrap_or_default();
    characters && (text.contains('/') || name.contains('.'))
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
    let line = match line.trim_end().strip_suffix(folder.as_ref()) {
        Some(before) => format!("{before}{}", root.spelling.name),
        None => line.to_owned(),
    };
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

#[cfg(test)]
mod tests {
    use super::{is_path, last_line, without_contents, without_quotes, without_values};

    #[test]
    fn no_value_is_passed_on() {
        let rows = [
            (
                "Error: loading KV pairs: literal sources [hunter2]: invalid literal source hunter2, expected key=value",
                "loading KV pairs: literal sources …: invalid literal source ***, expected key=value",
            ),
            (
                "E1125 00:34:28 623 run.go:72] \"command failed\" err=\"MalformedYAMLError: yaml: unknown anchor 'hunter2' referenced in File: bad.yaml\"",
                "MalformedYAMLError: yaml: unknown anchor '***' referenced in File: bad.yaml",
            ),
            ("Error: no file '/a/base/x.yaml'", "no file '/a/base/x.yaml'"),
            ("Error: couldn't find '/a/b'", "couldn't find '/a/b'"),
            ("Error: invalid value \"it's hunter2", "invalid value \"***\""),
        ];
        for (complaint, told) in rows {
            assert_eq!(without_values(&without_contents(&last_line(complaint))), told);
        }
        let block = "\n\ttrouble with config: `\n\tpatch: hunter2\n\t`: unable to parse patch from [hunter2]\n ";
        assert_eq!(
            without_contents(&without_quotes(block)).trim(),
            "trouble with config: …: unable to parse patch from …"
        );
        assert!(is_path("../base/x.yaml") && !is_path("password: hunter2") && !is_path("hunter2"));
    }
}
