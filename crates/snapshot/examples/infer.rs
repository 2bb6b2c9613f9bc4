//! Places a made-up cluster of 1,000 namespaces, 100,000 pods and 10,000 policies and says how long it took: for
//! measuring, not for use.

use dtap_model::environment::{Belonging, Namespace};
use dtap_model::place::{Place, SourceId};
use dtap_model::tree::Span;
use dtap_model::workload::{Addresses, Workload};
use dtap_snapshot::decode::decode;
use dtap_snapshot::infer::{Corrections, snapshot};
use dtap_snapshot::reading::{Context, ReadPod, Reading};
use smol_str::SmolStr;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    for namespace in 0..1000 {
        let environment = ["dev", "tst", "acc", "prd"].get(namespace % 4).copied().unwrap_or_default();
        let street = namespace / 4;
        let name = format!("street{street}-{environment}");
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{environment: {environment}}}}}\n---\n"
        );
        for policy in 0..10 {
            let _ = write!(
                text,
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p{policy}, namespace: {name}}}\n\
                 spec: {{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: \
                 {{environment: {environment}, street: street{street}}}}}}}]}}]}}\n---\n"
            );
        }
    }
    let context = Context { path: "dump.yaml".to_owned(), ..Context::default() };
    let decoded = decode(SourceId(0), "dump.yaml", &text, &context);
    let mut reading = Reading { objects: decoded.objects, ..Reading::default() };
    reading.pods = (0..100_000).map(|index| pod(index, &context)).collect();
    let start = Instant::now();
    let snapshot = snapshot(reading, &Corrections::default());
    let milliseconds = start.elapsed().as_millis();
    let placed = |namespace: &&Namespace| matches!(namespace.belonging, Belonging::Environment(_));
    let placed = snapshot.namespaces.iter().filter(placed).count();
    writeln!(
        std::io::stdout().lock(),
        "{placed} namespaces placed, {} workloads, {} label sets: {milliseconds} ms",
        snapshot.workloads.len(),
        snapshot.label_sets.len()
    )
}

fn pod(index: usize, context: &Context) -> ReadPod {
    let label = |key: &str, value: String| (key.into(), value.into());
    let namespace = index % 1000;
    let environment = ["dev", "tst", "acc", "prd"].get(namespace % 4).copied().unwrap_or_default();
    let name = SmolStr::from(format!("web-{}-{index}", index / 1000));
    ReadPod {
        namespace: Some(format!("street{}-{environment}", namespace / 4).into()),
        labels: Arc::new(vec![
            label("app", format!("web-{}", index / 1000)),
            label("pod-template-hash", format!("{:x}", index / 10)),
            label("team", format!("team-{}", namespace / 4)),
        ]),
        ports: Arc::default(),
        workload: Workload {
            kind: "Pod".into(),
            name: name.clone(),
            namespace: 0,
            labels: 0,
            ports: 0,
            host_network: false,
            custom: false,
            by_hand: false,
            adrift: false,
            finished: false,
            node: None,
            node_labels: Vec::new(),
            addresses: Addresses::new(),
            secondary_networks: false,
            told_as: name,
            place: Place { source: SourceId(0), span: Span::default() },
        },
        context: context.clone(),
    }
}
