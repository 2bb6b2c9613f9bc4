//! Which file a rendered object came from: kustomize's origin annotations, read and taken out again.

/// A rendered text without annotations that we had asked for, and what they said.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Originated {
    /// The text.
    pub text: String,
    /// For each document that says where it came from: the offset of its first byte in `text`, and the path.
    pub origins: Vec<(usize, Option<String>)>,
}

const ANNOTATION: &str = "    config.kubernetes.io/origin: |";

/// Takes the annotations out. The text is kustomize's own: two spaces a level, block style throughout.
pub fn take(rendered: &str) -> Originated {
    let mut result = Originated { text: String::with_capacity(rendered.len()), origins: Vec::new() };
    for document in documents(rendered) {
        let start = result.text.len();
        let path = take_one(document, &mut result.text);
        result.origins.push((start, path));
    }
    result
}

/// The documents of a rendering, each with the separator before it.
fn documents(rendered: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(rendered);
    std::iter::from_fn(move || {
        let text = rest?;
        match text.get(1..).and_then(|tail| tail.find("\n---\n")) {
            Some(at) => {
                let (document, tail) = text.split_at(at + 2);
                rest = Some(tail);
                Some(document)
            }
            None => {
                rest = None;
                Some(text)
            }
        }
    })
}

/// Copies one document without its annotation; gives the path that it named.
fn take_one(document: &str, text: &mut String) -> Option<String> {
    let mut path = None;
    let mut remote = false;
    let mut in_metadata = false;
    let mut in_origin = false;
    // `annotations:` is kept back until it turns out to hold something else, too.
    let mut kept_back = None;
    for line in document.split_inclusive('\n') {
        if in_origin && (line.starts_with("      ") || line.trim().is_empty()) {
            let line = line.trim();
            path = path.or_else(|| line.strip_prefix("path: ").map(unquoted));
            remote |= line.starts_with("repo: ");
            continue;
        }
        in_origin = false;
        if !line.starts_with(' ') {
            in_metadata = line.starts_with("metadata:");
        }
        if in_metadata && line.trim_end() == "  annotations:" {
            kept_back = Some(line);
            continue;
        }
        if in_metadata && line.trim_end() == ANNOTATION {
            in_origin = true;
            continue;
        }
        if let Some(annotations) = kept_back.take()
            && line.starts_with("    ")
        {
            text.push_str(annotations);
        }
        text.push_str(line);
    }
    path.filter(|_| !remote)
}

fn unquoted(scalar: &str) -> String {
    let inner = scalar.strip_prefix('\'').and_then(|scalar| scalar.strip_suffix('\''));
    let inner = inner.or_else(|| scalar.strip_prefix('"').and_then(|scalar| scalar.strip_suffix('"')));
    inner.unwrap_or(scalar).to_owned()
}

#[cfg(test)]
mod tests {
    use super::take;

    const ORIGIN: &str = "    config.kubernetes.io/origin: |\n      path: ../base/a.yaml\n";

    #[test]
    fn an_annotation_of_ours_goes_and_others_stay() {
        let text = format!(
            "apiVersion: v1\nkind: A\nmetadata:\n  annotations:\n    a: b\n{ORIGIN}    z: |\n      x\n  name: a\n---\n\
             kind: B\nmetadata:\n  annotations:\n{ORIGIN}  name: b\nspec:\n  annotations:\n{ORIGIN}"
        );
        let taken = take(&text);
        let expected = format!(
            "apiVersion: v1\nkind: A\nmetadata:\n  annotations:\n    a: b\n    z: |\n      x\n  name: a\n---\n\
             kind: B\nmetadata:\n  name: b\nspec:\n  annotations:\n{ORIGIN}"
        );
        assert_eq!(taken.text, expected);
        let second = taken.text.find("kind: B").unwrap();
        let path = Some("../base/a.yaml".to_owned());
        assert_eq!(taken.origins, [(0, path.clone()), (second - "---\n".len(), path)]);
    }

    #[test]
    fn generated_and_remote_objects_have_no_file() {
        let head = "kind: A\nmetadata:\n  annotations:\n    config.kubernetes.io/origin: |\n";
        let generated = format!("{head}      configuredIn: x/kustomization.yaml\n  name: a\n");
        let remote = format!("{head}      path: a.yaml\n      repo: https://host.example/x\n  name: a\n");
        assert_eq!(take(&generated).origins, [(0, None)]);
        assert_eq!(take(&remote).origins, [(0, None)]);
        assert_eq!(take(&remote).text, "kind: A\nmetadata:\n  name: a\n");
    }
}
