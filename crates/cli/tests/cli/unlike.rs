//! Values that differ are not shown alike: what cannot be seen is told by quotes and escapes.

use crate::harness::{run, shop_with};

/// A ConfigMap of a stage with one value, and the value of a variable, as YAML writes them.
fn settings(stage: &str, value: &str, variable: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c, namespace: shop-{stage}}}\ndata:\n  a: {value}\n---\n\
         apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d, namespace: shop-{stage}}}\nspec:\n  \
         selector: {{matchLabels: {{app: d}}}}\n  template:\n    metadata: {{labels: {{app: d}}}}\n    \
         spec: {{containers: [{{name: d, image: r/d:1, env: [{{name: B, value: {variable}}}]}}]}}\n"
    )
}

/// What `diff` shows of the two, as text and as JSON.
fn shown(dev: [&str; 2], prd: [&str; 2]) -> String {
    let (dev, prd) = (settings("dev", dev[0], dev[1]), settings("prd", prd[0], prd[1]));
    let folder = shop_with(&[("c-dev.yaml", &dev), ("c-prd.yaml", &prd)]);
    let text = run(&["diff", "dev", "prd"], folder.path()).stdout;
    text + &run(&["diff", "-o", "json", "dev", "prd"], folder.path()).stdout
}

#[track_caller]
fn tells(dev: [&str; 2], prd: [&str; 2], sides: [&str; 2]) {
    let shown = shown(dev, prd);
    for (mark, side) in [("- ", sides[0]), ("+ ", sides[1])] {
        assert!(shown.contains(&format!("{mark}{side} ")), "{mark}{side} is not told:\n{shown}");
        let json = format!("{:?}", side);
        assert!(shown.contains(&json), "{json} is not told:\n{shown}");
    }
}

#[test]
fn a_text_and_what_it_spells_are_told_apart() {
    tells(["x", "\"1\""], ["x", "1"], ["\"1\"", "1"]);
    tells(["true", "x"], ["\"true\"", "x"], ["true", "\"true\""]);
}

#[test]
fn a_text_of_one_side_that_says_nothing_is_told_by_quotes() {
    for text in ["\"null\"", "\"  \""] {
        let shown = shown([text, "x"], ["null", "x"]);
        assert!(shown.contains(&format!("- {text} ")), "{shown}");
    }
}

#[test]
fn what_cannot_be_seen_is_told_by_quotes_and_escapes() {
    tells(["\"x\"", "x"], ["\"x \"", "x"], ["\"x\"", "\"x \""]);
    tells(["\"x\"", "x"], ["\"x\\n\"", "x"], ["\"x\"", "\"x\\n\""]);
    tells(["\"a b\"", "x"], ["\"a\\u00a0b\"", "x"], ["\"a b\"", "\"a\\u{a0}b\""]);
    tells(["\"\"", "x"], ["\" \"", "x"], ["\"\"", "\" \""]);
    tells(["\"x\\ny\"", "x"], ["\"x\\ny\\n\"", "x"], ["line 2: \"y\"", "line 2: \"y\\n\""]);
    tells(["\"x\\ny\\n\"", "x"], ["\"x \\ny\\n\"", "x"], ["line 1: \"x\\n\"", "line 1: \"x \\n\""]);
}

#[test]
fn a_secret_that_only_blanks_tell_apart_stays_hidden() {
    let shown = shown(["\"password=hunter2\\n\"", "x"], ["\"password=hunter2 \\n\"", "x"]);
    assert!(shown.contains("a of ConfigMap c") && !shown.contains("hunter2"), "{shown}");
}
