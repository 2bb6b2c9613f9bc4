//! The screen, held to what was agreed on it.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test cannot go on without fails it"
)]

mod diverse;
mod shop;

use dtap_report::FailOn;
use dtap_report::report::{KindCount, NamespaceSummary};
use dtap_report::text::{Style, show};

const STYLE: Style =
    Style { width: 100, colour: false, quiet: false, all: false, fail_on: FailOn::Error, rules: Vec::new() };

#[test]
fn one_street_is_told_with_its_evidence() {
    let (report, sources) = shop::report();
    insta::assert_snapshot!(show(&report, &sources, &STYLE));
}

#[test]
fn hundreds_of_streets_fit_a_screen() {
    let (report, sources) = shop::many();
    let shown = show(&report, &sources, &STYLE);
    insta::assert_snapshot!(shown);
    assert!(shown.lines().count() <= 50, "{} lines", shown.lines().count());
}

#[test]
fn dozens_of_stages_that_differ_fit_a_screen() {
    let (report, sources) = diverse::diverse();
    let shown = show(&report, &sources, &STYLE);
    insta::assert_snapshot!(shown);
    assert!(shown.lines().count() <= 50, "{} lines", shown.lines().count());
}

#[test]
fn what_is_cut_says_something_before() {
    let (mut report, sources) = shop::many();
    let path = format!("charts/{}/Chart.yaml", "a-long-name-of-a-folder/".repeat(3));
    report.findings.push(shop::finding(&diverse::UNPLACED, &format!("the chart {path} is not rendered"), Vec::new()));
    let shown = show(&report, &sources, &STYLE);
    assert!(shown.contains(&format!("NET014  the chart\n    {path}")), "{shown}");
}

#[test]
fn what_could_not_be_read_of_many_streets_is_told_by_the_most_frequent_reasons() {
    let (mut report, sources) = shop::many();
    for (at, unread) in report.input.unread.iter_mut().enumerate() {
        unread.why = format!("reason {}", [1, 2, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6][at % 12]);
    }
    let shown = show(&report, &sources, &STYLE);
    let told: Vec<&str> = shown.lines().filter(|line| line.starts_with("unread ")).collect();
    let starts: Vec<&str> = told.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(starts, ["unread 133 (reason 4)", "unread 99 (reason 5)", "unread 66 (reason 6)"], "{shown}");
    assert!(shown.contains("and 102 more that could not be read: --all"), "{shown}");
}

#[test]
fn all_lists_every_stage_and_cuts_nothing() {
    let (report, sources) = diverse::diverse();
    let shown = show(&report, &sources, &Style { all: true, ..STYLE });
    let (network, _) = shown.split_once("\nerror ").unwrap();
    for stage in report.network.parties.iter().map(|party| &party.name) {
        assert!(network.contains(stage.as_str()), "{stage}: {network}");
    }
    assert!(!network.contains('…') && !network.contains("rarer"), "{network}");
}

#[test]
fn no_line_is_wider_than_asked_for() {
    for (report, sources) in [shop::report(), shop::many(), diverse::diverse()] {
        for width in [80, 100, 160] {
            let shown = show(&report, &sources, &Style { width, ..STYLE });
            for line in shown.lines() {
                assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "wider than {width}: {line}");
            }
        }
    }
}

#[test]
fn colours_change_nothing_but_the_colour() {
    let (report, sources) = shop::report();
    let plain = show(&report, &sources, &STYLE);
    let coloured = show(&report, &sources, &Style { colour: true, ..STYLE });
    assert_ne!(plain, coloured);
    assert_eq!(plain, without_colours(&coloured));
    assert!(!plain.contains('\u{1b}'));
}

fn without_colours(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once('m').map_or(part, |(_, rest)| rest))
}

#[test]
fn what_the_input_says_cannot_move_the_cursor() {
    let (mut report, sources) = shop::report();
    report.findings[0].summary = "a \u{1b}[2J b \u{202e} c\r".to_owned();
    let shown = show(&report, &sources, &STYLE);
    assert!(shown.contains("a \u{fffd}[2J b \u{fffd} c\u{fffd}"), "{shown}");
}

#[test]
fn a_command_to_type_is_made_of_words_whatever_the_input_calls_them() {
    let (mut report, sources) = shop::report();
    report.input.paths = vec!["env;id".to_owned(), "it's".to_owned()];
    report.parity.clear();
    let typed = |shown: &str| shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let paths = "'env;id' \"it's\"";
    let shown = typed(&show(&report, &sources, &STYLE));
    assert!(shown.contains(&format!("dtap scan -o json {paths}")), "{shown}");
    report.streets.clear();
    report.suggested = vec!["two=label:t;reboot=two".to_owned(), "a=namespace:*-a".to_owned()];
    let shown = typed(&show(&report, &sources, &STYLE));
    let options = "--environment two='label:t;reboot'=two --environment a='namespace:*-a'";
    assert!(shown.contains(&format!("dtap scan {options} {paths}")), "{shown}");
}

#[test]
fn what_names_no_namespace_is_counted_by_kind_over_all_clusters() {
    let (mut report, sources) = shop::report();
    let nameless = |kinds: &[(&str, usize)]| NamespaceSummary {
        name: "(none)".to_owned(),
        kinds: kinds.iter().map(|(kind, objects)| KindCount { kind: (*kind).to_owned(), objects: *objects }).collect(),
        ..Default::default()
    };
    report.unplaced = vec![nameless(&[("Gadget", 1), ("Widget", 2)]), nameless(&[("Widget", 2)])];
    let shown = show(&report, &sources, &STYLE);
    assert!(shown.contains("without a namespace: 1 × Gadget and 4 × Widget "), "{shown}");
}

#[test]
fn namespaces_elsewhere_are_counted_as_they_are_listed_and_selectors_are_none() {
    let (mut report, sources) = shop::report();
    let elsewhere = |name: &str, cluster: &str| NamespaceSummary {
        name: name.to_owned(),
        cluster: cluster.to_owned(),
        ..Default::default()
    };
    let some = [("kube-system", "a"), ("kube-system", "b"), ("team=a", "a"), ("team=b", "a"), ("vault", "a")];
    report.elsewhere = some.map(|(name, cluster)| elsewhere(name, cluster)).into();
    let shown = show(&report, &sources, &STYLE);
    for line in [
        "2 namespaces elsewhere: kube-system and vault   (only policies speak of them)\n",
        "2 selectors that no Namespace here answers: team=a and team=b\n",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
}

#[test]
fn an_error_that_is_counted_among_many_streets_has_a_place() {
    let (mut report, sources) = shop::many();
    let mut counted = report.findings[0].clone();
    counted.cause = "another cause".to_owned();
    report.findings.splice(0..0, [counted.clone(), counted.clone(), counted]);
    let shown = show(&report, &sources, &STYLE);
    let errors: Vec<&str> = shown.split("\nerror ").skip(1).filter(|error| error.contains(" × ")).collect();
    assert!(errors.len() > 1 && errors.iter().all(|error| error.contains(".yaml:")), "{shown}");
}

#[test]
fn a_rule_that_is_asked_for_is_shown_alone_and_the_rest_is_counted() {
    let (report, sources) = shop::many();
    let code = report.findings[0].rule.code;
    let of_rule = report.findings.iter().filter(|finding| finding.rule.code == code).count();
    let shown = show(&report, &sources, &Style { quiet: true, rules: vec![code], ..STYLE });
    let heads = shown.lines().filter(|line| line.starts_with("error ") || line.starts_with("warning "));
    assert_eq!(heads.clone().count(), of_rule);
    assert!(heads.clone().all(|line| line.contains(code)), "{shown}");
    assert!(shown.contains(&format!("shown are findings of {code} alone; left out, and counted below: ")), "{shown}");
    let whole = show(&report, &sources, &Style { quiet: true, ..STYLE });
    assert_eq!(shown.lines().last(), whole.lines().last());
}

#[test]
fn quiet_shows_findings_and_the_outcome_alone() {
    let (report, sources) = shop::report();
    let shown = show(&report, &sources, &Style { quiet: true, ..STYLE });
    insta::assert_snapshot!(shown);
}
