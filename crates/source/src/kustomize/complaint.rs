//! What kustomize complains of, in one line: its own complaints nest, repeat themselves and quote whole objects.

use super::kustomization::Kustomization;
use dtap_model::tree::Span;

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
    let told = without_credentials(&without_values(&without_contents(&named)));
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
        None => {
            // kustomize quotes whole patches between backticks, and says what is wrong with them behind.
            let from = complaint.rfind(line).unwrap_or_default();
            let block = without_quotes(complaint.get(from..).unwrap_or(line).trim_end());
            block.trim_start_matches("Error: ").trim_start_matches("error: ").to_owned()
        }
    }
}

/// Which fields of a kustomization a complaint is about, by words that it holds.
const ABOUT: [(&str, &[&str]); 6] = [
    ("literal source", &["secretGenerator", "configMapGenerator"]),
    ("secretGenerator", &["secretGenerator"]),
    ("configmap", &["configMapGenerator"]),
    ("replacement", &["replacements"]),
    ("atch", &["patches", "patchesStrategicMerge", "patchesJson6902"]),
    ("operation does not apply", &["patches", "patchesJson6902"]),
];

/// Where in its kustomization the cause of a complaint is to be looked for: the field that it is about, as far as that
/// can be told, else the beginning.
pub fn place(complaint: &str, root: &Kustomization) -> Span {
    let about = ABOUT.iter().filter(|(words, _)| complaint.contains(words)).flat_map(|(_, fields)| fields.iter());
    let entry = |field: &&str| root.tree.entries().iter().find(|entry| entry.key == **field);
    let unknown = complaint.split_once("unknown field \"").and_then(|(_, rest)| rest.split('"').next());
    unknown.iter().chain(about).find_map(entry).map_or(Span::new(0, 0), |entry| entry.key_span)
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
        let is_field = before.ends_with("unknown field ") && value.bytes().all(|byte| byte.is_ascii_alphabetic());
        told.push_str(if is_path(value) || is_field { value } else { MASK });
        told.push(mark);
        rest = after;
    }
    told.push_str(rest);
    let told = without_node(&told);
    match told.split_once("invalid literal source ") {
        Some((before, behind)) => {
            let end = behind.rfind(", expected").unwrap_or(behind.len());
            format!("{before}invalid literal source {MASK}{}", behind.get(end..).unwrap_or_default())
        }
        None => told,
    }
}

/// Words that speak of a secret, in lower case, separators left out.
const SECRETS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "apikey",
    "privatekey",
    "accesskey",
    "bearer",
];

/// Words between a word for a secret and the secret.
const BETWEEN: [&str; 10] = ["is", "was", "of", "for", "in", "the", "a", "as", "=", ":"];

/// A complaint with `***` for the credentials of addresses, and for what follows a word for a secret.
fn without_credentials(line: &str) -> String {
    let mut told: Vec<String> = Vec::new();
    let mut awaited = false;
    for word in line.split_whitespace() {
        // What is quoted has been judged: it is masked, or a path.
        let is_quoted = word.starts_with(['\'', '"']);
        if BETWEEN.contains(&word) || is_quoted {
            told.push(word.to_owned());
            awaited &= !is_quoted;
            continue;
        }
        let (name, value) = match word.split_once("://") {
            Some(_) => (word, None),
            None => word.split_once(['=', ':']).map_or((word, None), |(name, value)| (name, Some(value))),
        };
        let letters: String = name.chars().filter(|letter| letter.is_alphanumeric()).collect();
        let letters = letters.to_lowercase();
        let names_secret = !name.contains(['/', '.']) && SECRETS.iter().any(|part| letters.contains(part));
        told.push(match value.filter(|value| !value.is_empty()) {
            Some(_) if names_secret => format!("{}{MASK}", word.get(..=name.len()).unwrap_or_default()),
            _ if awaited && !names_secret => MASK.to_owned(),
            _ => without_user(word),
        });
        awaited = names_secret && value.is_none_or(str::is_empty);
    }
    told.join(" ")
}

/// A word with `***` for what stands before the `@` of an address.
fn without_user(word: &str) -> String {
    let at = word.split_once("://").map_or(0, |(scheme, _)| scheme.len() + "://".len());
    let (before, address) = word.split_at_checked(at).unwrap_or(("", word));
    let user = address.rsplit_once('@').filter(|(user, _)| at > 0 || user.contains(':'));
    user.map_or_else(|| word.to_owned(), |(_, host)| format!("{before}{MASK}@{host}"))
}

/// What is quoted without marks stands at the end: `wrong node kind: …: node contents: …`.
fn without_node(line: &str) -> String {
    match line.split_once("node contents:") {
        Some((before, _)) => format!("{before}node contents: {MASK}"),
        None => line.to_owned(),
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
    // What is no file is then tried as a folder, and why that fails says what is wrong.
    if let Some(at) = after(line, "must resolve to a file': couldn't make target for path '") {
        return line.get(at..).and_then(|rest| rest.split_once("': ")).map_or(line, |(_, rest)| rest);
    }
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
    use super::{
        innermost, is_path, last_line, place, without_contents, without_credentials, without_quotes, without_values,
    };
    use crate::kustomize::kustomization::Kustomization;
    use crate::spelling::Spelling;

    #[test]
    fn what_is_tried_as_a_folder_fails_for_the_reason_of_the_folder() {
        let nested = "accumulating resources: accumulation err='accumulating resources from '/a/b': '/a/b' must resolve to a \
                      file': couldn't make target for path '/a/b': Found multiple kustomization files under: /a/b";
        assert_eq!(innermost(nested), "Found multiple kustomization files under: /a/b");
    }

    #[test]
    fn a_complaint_is_led_to_the_field_that_it_is_about() {
        let text = "resources: [a.yaml]\nsecretGenerator:\n- literals: [x]\npatches:\n- patch: x\nnoSuch: 1\n";
        let spelling = Spelling::of_input("a", 0, 0);
        let root =
            Kustomization::parse("/a".into(), spelling, "kustomization.yaml".to_owned(), text.to_owned()).unwrap();
        let led = |complaint: &str| {
            let (start, end) = place(complaint, &root).range();
            &text[start..end]
        };
        assert_eq!(led("loading KV pairs: invalid literal source x, expected key=value"), "secretGenerator");
        assert_eq!(led("unable to parse SM or JSON patch from [x]"), "patches");
        assert_eq!(led("invalid Kustomization: json: unknown field \"noSuch\""), "noSuch");
        assert_eq!(led("something else"), "");
    }

    #[test]
    fn no_credential_is_passed_on() {
        let rows = [
            ("cannot use token hunter2 for https://u:hunter2@h", "cannot use token *** for https://***@h"),
            ("the password is hunter2, API_KEY=hunter2", "the password is *** API_KEY=***"),
            ("password: hunter2 and u:hunter2@h/x", "password: *** and ***@h/x"),
            ("clone https://hunter2@h/a?x@y: denied", "clone https://***@y: denied"),
            ("no file 'secrets/a.yaml' in secret 'x'", "no file 'secrets/a.yaml' in secret 'x'"),
            ("secrets/token.yaml is no folder", "secrets/token.yaml is no folder"),
        ];
        for (complaint, told) in rows {
            assert_eq!(without_credentials(complaint), told);
        }
    }

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
            (
                "Error: trouble with config: `\npatch: |\n  password: hunter2\n`: unable to parse patch from [hunter2]\n\n",
                "trouble with config: …: unable to parse patch from …",
            ),
            ("Error: json: unknown field \"bogus\"", "json: unknown field \"bogus\""),
            ("Error: json: unknown field \"hunter2\"", "json: unknown field \"***\""),
            ("Error: no file '/a/base/x.yaml'", "no file '/a/base/x.yaml'"),
            ("Error: couldn't find '/a/b'", "couldn't find '/a/b'"),
            (
                "Error: unable to find field \"data.x\" in replacement target: wrong node kind: expected MappingNode but got \
                 ScalarNode: node contents:\nhunter2\nhunter2",
                "unable to find field \"data.x\" in replacement target: wrong node kind: expected MappingNode but got \
                 ScalarNode: node contents: ***",
            ),
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
