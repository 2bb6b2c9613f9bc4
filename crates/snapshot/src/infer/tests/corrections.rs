//! What the user says.

use super::*;
use crate::infer::corrections;

#[test]
fn corrections_come_before_everything() {
    let text = namespace("blue", "environment: dev") + &namespace("green", "") + &namespace("red", "");
    let parse = |text: &str| vec![corrections::parse(text).unwrap()];
    let corrections = Corrections {
        environments: [parse("prd=namespace:blue"), parse("tst=label:kubernetes.io/x=z"), parse("acc=path:a.yaml")]
            .concat(),
        streets: parse("shop=namespace:*e*"),
        clusters: parse("second=namespace:red"),
    };
    let snapshot = snapshot(reading(&[("a.yaml", &text)]), &corrections);
    assert_eq!(namespaces(&snapshot), ["second:red=shop/acc", "not said:blue=shop/prd", "not said:green=shop/acc"]);
    assert_eq!(snapshot.clusters[0].evidence, "--cluster second=namespace:red");
}

#[test]
fn what_the_user_calls_shared_serves_all() {
    let text = namespace("shop-dev", "") + &namespace("shop-prd", "") + &namespace("shop-tools", "environment: dev");
    let environments = vec![corrections::parse("shared=namespace:shop-tools").unwrap()];
    let snapshot = snapshot(reading(&[("all.yaml", &text)]), &Corrections { environments, ..Corrections::default() });
    assert_eq!(namespaces(&snapshot)[2], "cluster:shop-tools=Shared");
}

#[test]
fn a_correction_that_changes_nothing_is_noticed() {
    let text = namespace("shop-dev", "") + &namespace("shop-prd", "");
    let correction = |text: &str| corrections::parse(text).unwrap();
    let corrections = Corrections {
        environments: vec![
            correction("x=namespace:shop-dev"),
            correction("y=namespace:shop-dev"),
            correction("prd=namespace:nosuch"),
        ],
        streets: vec![correction("bank=namespace:shop-*"), correction("club=path:elsewhere")],
        clusters: vec![correction("a=namespace:shop-*"), correction("b=namespace:nosuch")],
    };
    let snapshot = snapshot(reading(&[("all.yaml", &text)]), &corrections);
    let idle: Vec<String> = snapshot
        .notices
        .iter()
        .filter_map(|notice| match &notice.kind {
            NoticeKind::OptionWithoutEffect { option, why } => Some(format!("{option}: {why}")),
            _ => None,
        })
        .collect();
    let nothing = "it selects nothing that it could decide";
    assert_eq!(
        idle,
        [
            "--environment y=namespace:shop-dev: an earlier one takes all that it selects".to_owned(),
            format!("--environment prd=namespace:nosuch: {nothing}"),
            format!("--street club=path:elsewhere: {nothing}"),
            format!("--cluster b=namespace:nosuch: {nothing}"),
        ]
    );
}

#[test]
fn options_of_which_one_does_not_parse_are_not_suggested() {
    let reading = reading(&[("a.yaml", &(namespace("left", "") + &namespace("right", "")))]);
    let make_two = |options: &[&str]| {
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        crate::infer::make_two(&reading, &Corrections::default(), &options)
    };
    assert!(make_two(&["one=namespace:left", "two=namespace:right"]));
    assert!(!make_two(&["one=namespace:left", "two=namespace:right", "three=path:[z"]));
}
