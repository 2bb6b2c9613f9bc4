//! The way on, and what the exit status says. Only commands that this version has are named.

use super::screen::{Ink, Line, Screen, count, grouped, listed, unbroken};
use super::{MANY_STREETS, Style};
use crate::exit::{FailOn, Outcome};
use crate::report::{LeftOut, Report};
use crate::rule::Severity;
use crate::shell::word;
use unicode_width::UnicodeWidthStr;

pub(super) fn draw(report: &Report, style: &Style, screen: &mut Screen) {
    if !style.quiet {
        screen.gap();
        if report.is_empty() {
            nothing(report, screen);
        } else if report.stages().len() < 2 {
            looked_at(report, screen);
        }
        more(report, screen);
    }
    left_out(report, style, screen);
    outcome(report, style, screen);
}

/// No object at all: what was looked at, and where objects may come from.
fn nothing(report: &Report, screen: &mut Screen) {
    let input = &report.input;
    let paths = if input.paths.is_empty() { ".".to_owned() } else { input.paths.join(" ") };
    let found = match (input.files, input.not_kubernetes.is_empty()) {
        _ if !input.unread.is_empty() => "holds nothing that could be read as Kubernetes",
        (0, _) => "holds no file that could be one of manifests (.yaml, .yml or .json)",
        (_, true) => "holds no Kubernetes object",
        (_, false) => "holds YAML or JSON, but nothing of Kubernetes",
    };
    screen.wrapped(&Line::new().with(Ink::Warning, "nothing to judge").plain(format!(": {paths} {found}")), 4);
    let dump = unbroken(
        "kubectl get -A -o json namespaces,networkpolicies,services,endpointslices,deployments,statefulsets,daemonsets,pods | dtap scan -",
    );
    let typed = Line::new().plain("name the folder of the manifests, or read a cluster: ").with(Ink::Strong, dump);
    screen.wrapped(&typed, 4);
}

/// Fewer than two environments: what was looked at, and the option to type.
fn looked_at(report: &Report, screen: &mut Screen) {
    let found = match report.stages().as_slice() {
        [] => "no environment was found".to_owned(),
        stages => format!("only one environment was found, {}", stages.join(", ")),
    };
    let looked =
        "looked at: labels and annotations of namespaces and objects, namespace names, folder and overlay names";
    screen.wrapped(&Line::new().with(Ink::Warning, found).plain(format!("; {looked}")), 4);
    let typed = report.input.judged_alike();
    let paths = if report.input.paths.is_empty() { format!("{typed} .").trim_start().to_owned() } else { typed };
    if report.suggested.is_empty() {
        let missing = "nothing that was read makes two: another environment is missing; name its folder, too: ";
        let typed = unbroken(&format!("dtap scan {paths} FOLDER"));
        screen.wrapped(&Line::new().plain(missing).with(Ink::Strong, typed), 4);
        return;
    }
    let candidates: Vec<String> = report
        .candidates
        .iter()
        .map(|candidate| format!("{} ({})", candidate.selector, grouped(candidate.count)))
        .collect();
    let candidates: Vec<&str> = candidates.iter().map(String::as_str).collect();
    if !candidates.is_empty() {
        let line = Line::new().plain("what might tell them apart: ").with(Ink::Strong, listed(&candidates, 8));
        screen.wrapped(&line, 4);
    }
    let option = |option: &String| unbroken(&format!("--environment {}", word(option)));
    let options: Vec<String> = report.suggested.iter().map(option).collect();
    let typed = format!("dtap scan {} {paths}", options.join(" "));
    screen.wrapped(&Line::new().plain("say which they are: ").with(Ink::Strong, typed), 4);
}

fn more(report: &Report, screen: &mut Screen) {
    let judged = report.input.judged_alike();
    let mut commands: Vec<String> = Vec::new();
    if let Some(step) = super::parity::worst_first(&report.parity).first() {
        let side = |stage: &str| {
            word(&if report.streets.len() > 1 { format!("{}/{stage}", step.street) } else { stage.to_owned() })
        };
        let read = report.input.read_alike();
        commands.push(format!("dtap diff {} {} {read}", side(&step.from), side(&step.to)).trim_end().to_owned());
    }
    if let Some(finding) = report.findings.first() {
        commands.push(format!("dtap explain {}", finding.rule.code));
    }
    // With many streets, what is counted says how to see it.
    if !report.findings.is_empty() && report.streets.len() <= MANY_STREETS {
        commands.push(format!("dtap scan --all {judged}").trim_end().to_owned());
    }
    commands.push(format!("dtap scan -o json {judged}").trim_end().to_owned());
    screen.wrapped(
        &Line::new()
            .with(Ink::Faint, "more: ")
            .plain(commands.iter().map(|command| whole(command, screen.width)).collect::<Vec<_>>().join(" · ")),
        6,
    );
}

/// A command on a line of its own where it fits on one.
fn whole(command: &str, width: usize) -> String {
    if command.width() + 6 > width { command.to_owned() } else { unbroken(command) }
}

/// What `--rule` leaves out: it changes what is shown, and not what it amounts to.
fn left_out(report: &Report, style: &Style, screen: &mut Screen) {
    let Some(LeftOut { errors, warnings, notes }) = report.left_out(&style.rules) else { return };
    let numbers = [count(errors, "error"), count(warnings, "warning"), count(notes, "note")];
    let rules = listed(&style.rules, style.rules.len());
    let told = format!("shown are findings of {rules} alone; left out, and counted below: {}", numbers.join(", "));
    screen.wrapped(&Line::new().with(Ink::Faint, told), 4);
}

fn outcome(report: &Report, style: &Style, screen: &mut Screen) {
    let number = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let numbers = format!(
        "{}, {}, {}",
        count(number(Severity::Error), "error"),
        count(number(Severity::Warning), "warning"),
        count(number(Severity::Note), "note")
    );
    let outcome = report.outcome(style.fail_on);
    let (ink, meaning) = match outcome {
        Outcome::Holds => (Ink::Good, "holds, under the assumptions named"),
        Outcome::Fails if number(Severity::Error) == 0 => (Ink::Error, "not broken, but --fail-on asks for more"),
        Outcome::Fails if style.fail_on == FailOn::Never => (Ink::Error, "broken, but --fail-on never"),
        Outcome::Fails => (Ink::Error, "broken"),
        Outcome::Unknown if report.is_empty() => (Ink::Warning, "nothing to judge"),
        Outcome::Unknown if report.stages().len() < 2 => (Ink::Warning, "fewer than two environments to judge"),
        Outcome::Unknown if report.is_open_to_unplaced() => {
            (Ink::Warning, "nothing broken, but unplaced namespaces are in contact")
        }
        Outcome::Unknown => (Ink::Warning, "nothing broken, but something unknown"),
    };
    screen.line(
        &Line::new()
            .plain(format!("{numbers}: "))
            .with(ink, meaning)
            .with(Ink::Faint, format!("   exit status {}", outcome.status(style.fail_on))),
    );
}
