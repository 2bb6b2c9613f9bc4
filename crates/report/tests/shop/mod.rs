//! A report such as a scan of a shop gives, made by hand: the tests of how reports are shown stand on it.

use dtap_model::place::{Origin, Place, Source, Sources};
use dtap_model::tree::Span;
use dtap_report::report::*;
use dtap_report::{Cell, Evidence, Finding, Fingerprint, Matrix, Party, Plane, Report, Rule, Severity, Verdict};

pub static OPEN: Rule =
    rule("NET001", "a pod of one environment can open a connection into another", Plane::Network, Severity::Error);
pub static TODAY: Rule = rule("NET002", "a new pod would get through", Plane::Network, Severity::Warning);
pub static IMAGE: Rule = rule("PAR004", "an image differs", Plane::Parity, Severity::Note);

pub const fn rule(code: &'static str, title: &'static str, plane: Plane, severity: Severity) -> Rule {
    Rule { code, title, plane, severity, why: "It matters.", breaks: "kind: A\n", holds: "kind: B\n", mend: "mend it" }
}

const POLICIES: &str = "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec:
  podSelector: {matchLabels: {app: orders}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {team: shop}}
    ports: [{port: 5432}]
";

const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop-prd}
spec:
  template:
    spec:
      containers:
      - name: web
        image: registry.example/web:1.8.1
";

pub fn place(sources: &Sources, file: &str, text: &str) -> Place {
    let (source, found) =
        sources.iter().find(|(_, source)| source.name == file).expect("the file is among the sources");
    let start = found.text.find(text).expect("the text is in the file");
    Place { source, span: Span::new(start, start + text.len()) }
}

pub fn finding(rule: &'static Rule, summary: &str, evidence: Vec<Evidence>) -> Finding {
    Finding {
        rule,
        severity: rule.severity,
        summary: summary.to_owned(),
        about: "shop-prd/orders".to_owned(),
        cause: rule.title.to_owned(),
        evidence,
        mend: None,
        environments: vec!["shop/dev".into(), "shop/prd".into()],
        production: true,
        known: true,
        cases: 1,
        fingerprint: Fingerprint::of(rule.code, &[summary]),
    }
}

pub fn matrix(stages: &[&str], shared: &[&str], broken_into: &str) -> Matrix {
    let environments = stages.iter().map(|name| (*name, true));
    let parties: Vec<Party> = environments
        .chain(shared.iter().map(|name| (*name, false)))
        .map(|(name, environment)| Party { name: name.into(), production: name == "prd", environment, unplaced: false })
        .collect();
    let verdict = |row: &Party, column: &Party| match (row.name == column.name, row.environment && column.environment) {
        (true, _) => (Verdict::Itself, 0),
        (_, false) => (Verdict::Broken, 0),
        _ if column.name == broken_into => (Verdict::Broken, 1),
        _ => (Verdict::Isolated, 0),
    };
    let cell = |(verdict, findings)| Cell { verdict, findings, because: Vec::new() };
    let cells = parties.iter().map(|row| parties.iter().map(|column| cell(verdict(row, column))).collect()).collect();
    Matrix { parties, cells }
}

pub fn street(name: &str, stages: &[&str]) -> StreetSummary {
    let environment = |stage: &&str| EnvironmentSummary {
        stage: (*stage).into(),
        production: *stage == "prd",
        production_by: None,
        folded: if *stage == "prd" { vec!["production".into(), "prod".into()] } else { Vec::new() },
        namespaces: vec![format!("{name}-{stage}")],
        cluster: "cluster".into(),
        objects: 15,
        parity_digest: format!("sha256:{stage}"),
    };
    StreetSummary {
        name: name.into(),
        environments: stages.iter().map(environment).collect(),
        evidence: "label `environment`".into(),
    }
}

pub fn report() -> (Report, Sources) {
    let mut sources = Sources::default();
    for (name, text) in [("deploy/prd/policies.yaml", POLICIES), ("deploy/prd/web.yaml", WEB)] {
        sources.add(Source { name: name.into(), origin: Origin::File, text: text.into() });
    }
    let stages = ["dev", "tst", "acc", "prd"];
    let admits = Evidence {
        place: place(&sources, "deploy/prd/policies.yaml", "namespaceSelector"),
        label: "admits every namespace of team shop".into(),
    };
    let image = Evidence { place: place(&sources, "deploy/prd/web.yaml", "registry.example"), label: "1.8.1".into() };
    let mut open =
        finding(&OPEN, "dev, tst and acc can open shop-prd/orders:5432/TCP (shop-dev/web for one)", vec![admits]);
    open.mend = Some("add `environment: prd`, as the same policy has it in dev, tst and acc".into());
    let step = |from: &str, to: &str, differences, causes| ParityStep {
        street: "shop".into(),
        from: from.into(),
        to: to.into(),
        differences,
        causes,
        unknown: None,
    };
    let assumption =
        |name: &str, statement: &str, standing| Assumption { name: name.into(), statement: statement.into(), standing };
    let report = Report {
        input: Input {
            options: Vec::new(),
            judging: Vec::new(),
            paths: vec!["deploy/".into()],
            files: 23,
            documents: 63,
            objects: 61,
            rendered: 61,
            not_kubernetes: vec![("compose file".into(), 1), ("workflow".into(), 1)],
            left_out: vec![(".gitignore".into(), 3)],
            unread: Vec::new(),
        },
        streets: vec![street("shop", &stages)],
        clusters: vec![ClusterSummary { name: "cluster".into(), evidence: "assumed".into() }],
        shared: ["ingress-nginx", "monitoring"]
            .map(|name| NamespaceSummary { name: name.into(), evidence: "name".into(), ..Default::default() })
            .into(),
        network: matrix(&stages, &[], "prd"),
        assumptions: vec![
            assumption("cni-enforces", "the CNI enforces NetworkPolicy", Standing::Assumed),
            assumption("input-complete", "deploy/ holds every policy", Standing::Word("--assume".into())),
        ],
        parity: vec![step("dev", "tst", 0, 0), step("tst", "acc", 0, 0), step("acc", "prd", 4, 3)],
        findings: vec![open, finding(&IMAGE, "image of Deployment web: 1.8.2 in acc, 1.8.1 in prd", vec![image])],
        ..Report::default()
    };
    (report, sources)
}

/// Hundreds of streets, thousands of findings, hundreds of files that could not be read.
pub fn many() -> (Report, Sources) {
    let (mut report, sources) = report();
    let stages = ["dev", "test", "uat", "staging", "preprod", "prd", "sandbox", "demo", "training", "integration"];
    let street_name = |number: usize| format!("application-{number:03}");
    report.streets = (0..700).map(|number| street(&street_name(number), &stages)).collect();
    report.network = matrix(&stages, &["shared"], "prd");
    report.network_by_street = (0..90).map(|number| (street_name(number), matrix(&stages, &[], "prd"))).collect();
    report.unplaced =
        (0..200).map(|number| NamespaceSummary { name: format!("tool-{number:03}"), ..Default::default() }).collect();
    report.unknown = (0..50).map(|number| format!("reason {number}")).collect();
    let open = report.findings.remove(0);
    report.findings = vec![open; 90];
    report
        .findings
        .extend((0..300).map(|number| finding(&TODAY, &format!("shop-{number} has no default deny"), Vec::new())));
    report.findings.extend((0..5000).map(|number| finding(&IMAGE, &format!("image {number}"), Vec::new())));
    report.parity = (0..2000)
        .map(|number| ParityStep {
            street: street_name(number % 700),
            from: "dev".into(),
            to: "test".into(),
            differences: number % 50,
            causes: number % 7,
            unknown: None,
        })
        .collect();
    report.input.unread = (0..400)
        .map(|number| Unread {
            name: format!("charts/a/templates/file-{number}.yaml:3:5"),
            why: if number % 2 == 0 {
                "a template that is no YAML until it is rendered".into()
            } else {
                "a tab".into()
            },
            hint: Some("render it".into()),
            place: (number == 0).then(|| place(&sources, "deploy/prd/web.yaml", "spec")),
        })
        .collect();
    (report, sources)
}
