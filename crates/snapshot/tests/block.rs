//! The recogniser of block style reads whatever it recognises as the whole parser does, spans included.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test cannot go on without fails it"
)]

use dtap_snapshot::decode::both_ways;
use proptest::prelude::*;
use std::fmt::Write;

/// A tree to be written as kubectl writes it, or nearly so.
#[derive(Clone, Debug)]
enum Tree {
    Scalar(String),
    Literal(Vec<String>),
    List(Vec<Tree>),
    Mapping(Vec<(String, Tree)>),
}

fn scalar() -> impl Strategy<Value = String> {
    let known = [
        "a",
        "yes",
        "0x1F",
        "1.5",
        "null",
        "~",
        "\"quoted\"",
        "'it''s'",
        "'x",
        "{}",
        "[]",
        "{a: b}",
        "a: b",
        "a:b",
        "a #b",
        "a#b",
        "\"a\\nb\"",
        "\"a\\qb\"",
        "-1",
        "--x",
        "- a",
        "-",
        "&a b",
        "*a",
        "!!str 1",
        "|x",
        "> x",
        "http://x:1/y",
        "a:",
        "é",
        "\"é\" b",
        "'a' #b",
        "%a",
        "@a",
        ".inf",
        "---",
        "...",
        "a   ",
        "?a",
        "? a",
        ":a",
        "",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => "[ -~]{0,8}"]
}

fn key() -> impl Strategy<Value = String> {
    let known =
        ["a", "b", "c", "k8s.io/x-y", "\"q\"", "'r'", "1", "y", "1.5", "\"a\\nb\"", "a b", "~", "<<", "é", "-x"];
    prop::sample::select(known.to_vec()).prop_map(str::to_owned)
}

fn tree() -> impl Strategy<Value = Tree> {
    let line = prop_oneof![Just(String::new()), "[ a#:-]{0,6}", Just("---".to_owned())];
    let leaf = prop_oneof![
        5 => scalar().prop_map(Tree::Scalar),
        1 => prop::collection::vec(line, 0..4).prop_map(Tree::Literal),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Tree::List),
            prop::collection::vec((key(), inner), 1..5).prop_map(Tree::Mapping),
        ]
    })
}

/// How the parts of a text stand to one another: as kubectl writes them when all is at rest.
#[derive(Clone, Debug)]
struct Layout {
    indent_lists: bool,
    step: usize,
    header: &'static str,
    noise: &'static str,
    ends_in_line_break: bool,
}

fn layout() -> impl Strategy<Value = Layout> {
    let headers = ["|", "|", "|-", "|+", "|2", ">", "| # x"];
    let noise = ["", "", "", "", "\n", "# x\n", "   # x\n", " \n", "\t\n"];
    let parts = (
        any::<bool>(),
        1_usize..4,
        prop::sample::select(headers.to_vec()),
        prop::sample::select(noise.to_vec()),
        any::<bool>(),
    );
    parts.prop_map(|(indent_lists, step, header, noise, ends_in_line_break)| Layout {
        indent_lists,
        step,
        header,
        noise,
        ends_in_line_break,
    })
}

fn write(tree: &Tree, column: usize, layout: &Layout, out: &mut String) {
    match tree {
        Tree::Scalar(text) => writeln!(out, " {text}").unwrap(),
        Tree::Literal(lines) => {
            writeln!(out, " {}", layout.header).unwrap();
            for line in lines {
                writeln!(out, "{:1$}{line}", "", column + layout.step).unwrap();
            }
        }
        Tree::List(items) => {
            out.push('\n');
            let column = if layout.indent_lists { column + layout.step } else { column };
            for item in items {
                write!(out, "{:1$}-", "", column).unwrap();
                match item {
                    Tree::Mapping(entries) => entries_of(entries, column + 2, true, layout, out),
                    other => write(other, column, layout, out),
                }
            }
        }
        Tree::Mapping(entries) => {
            out.push('\n');
            entries_of(entries, column + layout.step, false, layout, out);
        }
    }
}

fn entries_of(entries: &[(String, Tree)], column: usize, within_line: bool, layout: &Layout, out: &mut String) {
    for (position, (key, value)) in entries.iter().enumerate() {
        if position == 0 && within_line {
            write!(out, " {key}:").unwrap();
        } else {
            out.push_str(layout.noise);
            write!(out, "{:1$}{key}:", "", column).unwrap();
        }
        write(value, column, layout, out);
    }
}

fn text((tree, layout): &(Tree, Layout)) -> String {
    let mut out = String::new();
    match tree {
        Tree::Mapping(entries) => entries_of(entries, 0, false, layout, &mut out),
        other => write(other, 0, layout, &mut out),
    }
    if !layout.ends_in_line_break {
        out.pop();
    }
    out
}

fn agrees(text: &str) -> Result<bool, TestCaseError> {
    match both_ways(text) {
        None => Ok(false),
        Some((recognised, parsed)) => {
            prop_assert_eq!(Ok(recognised), parsed, "{:?}", text);
            Ok(true)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn the_recogniser_agrees_with_the_parser(written in (tree(), layout())) {
        agrees(&text(&written))?;
    }

    #[test]
    fn the_recogniser_agrees_on_lines_at_random(lines in prop::collection::vec("( |  |    )?(- |-|)(a|b|\"c\"|)(: |:|)(d|'e'|\\||#f|~|)", 0..7)) {
        agrees(&lines.join("\n"))?;
    }
}

#[test]
fn the_recogniser_recognises_what_kubectl_writes() {
    let written = "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    annotations:\n      a.io/b: |\n        x\n\n        y\n      \"c\": \"d\\\"\"\n    labels: {}\n  spec:\n    containers:\n    - args:\n      - --x=y\n      image: a:1@b\n    - {}\n- 'q'\nkind: List\n";
    assert!(agrees(written).unwrap());
}

#[test]
fn the_recogniser_leaves_characters_that_yaml_refuses_to_the_parser() {
    for character in ['\u{80}', '\u{85}', '\u{9F}', '\u{2028}', '\u{FEFF}', '\u{FFFE}', '\t', '\r', '\0'] {
        assert!(!agrees(&format!("# x{character}y\na: b\n")).unwrap(), "{character:?}");
    }
}
