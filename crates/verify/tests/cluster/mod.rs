//! Random small clusters on which every line of the semantics matters, and the smallest one that still fails.
//!
//! A cluster is its documents and the placing of its namespaces. Half of the pairs of namespaces are drawn from
//! [`recipes`], in each of which one line decides; the rest is drawn field by field in [`noise`].

mod draw;
mod noise;
mod recipes;
mod shrink;

pub use draw::Draw;
pub use noise::rule;
pub use shrink::shrink;

use dtap_model::environment::{
    Belonging, Cluster as ModelCluster, ClusterId, Environment, EnvironmentId, Namespace, NamespaceId, Street, StreetId,
};
use dtap_model::label::{Label, Labels};
use dtap_model::object::{GroupKind, Identity, Object};
use dtap_model::place::{Origin, Source, SourceId, Sources};
use dtap_model::tree::{Entry, Node, Span, Tree, Value};
use dtap_snapshot::snapshot::Placed;
use dtap_snapshot::{Gap, Hides, Reach, Snapshot};
use dtap_verify::{Assumed, Settings};
use serde_json::Value as Json;
use serde_json::json;
use std::borrow::Cow;
use std::fmt::Write as _;

/// The stages that occur, in their order.
pub const STAGES: [&str; 3] = ["dev", "tst", "prd"];

/// What a namespace of the cluster is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A stage, as an index into [`STAGES`].
    Stage(usize),
    /// All of them.
    Shared,
    /// None of them.
    Unplaced,
}

/// A cluster.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Its documents, in order.
    pub documents: Vec<Json>,
    /// Its namespaces, sorted by name.
    pub placing: Vec<(String, Part)>,
    /// A namespace in which something was not read, and what that may be.
    pub unread: Option<(String, Hides)>,
    /// How to judge it.
    pub settings: Settings,
}

/// A namespace while it is drawn.
pub struct Room {
    name: String,
    part: Part,
    declared: bool,
    labels: Json,
    workloads: Vec<Json>,
    policies: Vec<Json>,
    services: Vec<Json>,
}

impl Cluster {
    /// Draws the cluster of this number in the run of this seed.
    pub fn draw(seed: u64, number: u64) -> Self {
        let mut draw = Draw::of(seed, number);
        let mut rooms = rooms(&mut draw);
        for room in &mut rooms {
            noise::workloads(&mut draw, room);
        }
        // Each namespace's egress and each one's ingress is drawn once: round the ring, one half of a pair each.
        let count = rooms.len();
        let step = 1 + draw.below(count - 1);
        for from in 0..count {
            let to = (from + step) % count;
            if rooms[from].part == rooms[to].part {
                noise::pair(&mut draw, &mut rooms, from, to);
            } else if draw.chance(76) {
                recipes::pair(&mut draw, &mut rooms, from, to);
            } else {
                noise::pair(&mut draw, &mut rooms, from, to);
            }
        }
        // Most shared namespaces are open: who reaches one does not reach what it reaches (N16).
        if draw.chance(60) {
            rooms.iter_mut().filter(|room| room.part == Part::Shared).for_each(|room| room.policies.clear());
        }
        let settings = settings(&mut draw);
        let unread = draw.chance(3).then(|| {
            let room = draw.below(rooms.len());
            (rooms[room].name.clone(), *draw.one(&[Hides::Policies, Hides::Objects]))
        });
        Self { unread, ..Self::of(rooms, settings) }
    }

    /// The same cluster with one document more.
    pub fn with(&self, document: Json) -> Self {
        let mut longer = self.clone();
        longer.documents.push(document);
        longer
    }

    fn of(rooms: Vec<Room>, settings: Settings) -> Self {
        let mut documents = Vec::new();
        let mut placing = Vec::new();
        for room in rooms {
            placing.push((room.name.clone(), room.part));
            if room.declared {
                documents.push(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": room.name, "labels": room.labels}}));
            }
            let named = |(index, mut document): (usize, Json), prefix: &str| {
                let metadata = document["metadata"].as_object_mut().unwrap();
                metadata.entry("name").or_insert_with(|| json!(format!("{prefix}-{index}")));
                metadata.insert("namespace".to_owned(), json!(room.name));
                document
            };
            documents.extend(room.workloads.into_iter().enumerate().map(|item| named(item, "workload")));
            documents.extend(room.services.into_iter().enumerate().map(|item| named(item, "service")));
            documents.extend(room.policies.into_iter().enumerate().map(|item| named(item, "policy")));
        }
        placing.sort_by(|one, other| one.0.cmp(&other.0));
        Self { documents, placing, unread: None, settings }
    }

    /// The documents as YAML, one mapping a document, in the short form.
    pub fn yaml(&self) -> String {
        let mut text = String::new();
        for document in &self.documents {
            text.push_str("---\n");
            for (key, value) in document.as_object().unwrap() {
                writeln!(text, "{key}: {}", flow(value)).unwrap();
            }
        }
        text
    }

    /// What a person needs to see it fail.
    pub fn describe(&self) -> String {
        format!("# {:?}\n# {:?}\n# {:?}\n{}", self.placing, self.unread, self.settings, self.yaml())
    }

    /// The snapshot of it: its objects, and its namespaces placed as they were drawn.
    pub fn snapshot(&self) -> Snapshot {
        let mut sources = Sources::default();
        let text = self.yaml();
        sources.add(Source { name: "cluster.yaml".to_owned(), origin: Origin::File, text });
        let stages: Vec<usize> = (0..STAGES.len())
            .filter(|stage| self.placing.iter().any(|(_, part)| *part == Part::Stage(*stage)))
            .collect();
        let environments: Vec<Environment> = stages
            .iter()
            .map(|stage| Environment {
                street: StreetId(0),
                stage: STAGES[*stage].to_owned(),
                production: STAGES[*stage] == "prd",
                rank: u32::try_from(*stage).unwrap(),
            })
            .collect();
        let ids = (0..environments.len()).map(|index| EnvironmentId(u32::try_from(index).unwrap())).collect();
        let mut snapshot = Snapshot {
            sources,
            clusters: vec![ModelCluster {
                name: "cluster".to_owned(),
                evidence: "drawn".to_owned(),
                certain: true,
                guessed: false,
            }],
            streets: vec![Street { name: "shop".to_owned(), environments: ids }],
            environments,
            namespaces: self
                .placing
                .iter()
                .enumerate()
                .map(|(index, item)| self.namespace(index, item, &stages))
                .collect(),
            ..Snapshot::default()
        };
        for document in &self.documents {
            self.add(&mut snapshot, document);
        }
        snapshot.gaps.extend(self.gap());
        snapshot.workloads.sort_by(|one, other| {
            (one.namespace, &one.name, &one.kind).cmp(&(other.namespace, &other.name, &other.kind))
        });
        snapshot
    }

    /// What was not read.
    fn gap(&self) -> Option<Gap> {
        let (name, hides) = self.unread.as_ref()?;
        let index = self.placing.iter().position(|(known, _)| known == name)?;
        Some(Gap {
            what: "cluster.yaml: drawn".to_owned(),
            hint: None,
            place: None,
            reach: Reach::Namespace(NamespaceId(u32::try_from(index).unwrap())),
            hides: *hides,
            unread: None,
        })
    }

    fn namespace(&self, index: usize, (name, part): &(String, Part), stages: &[usize]) -> Namespace {
        let manifest = self
            .documents
            .iter()
            .find(|document| document["kind"] == "Namespace" && document["metadata"]["name"] == **name);
        let mut labels: Labels = manifest
            .and_then(|manifest| manifest["metadata"]["labels"].as_object())
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.into(), value.as_str().unwrap_or_default().into()))
            .filter(|(key, _): &Label| key != "kubernetes.io/metadata.name")
            .collect();
        labels.push(("kubernetes.io/metadata.name".into(), name.into()));
        labels.sort();
        Namespace {
            cluster: ClusterId(0),
            name: name.clone(),
            whole: NamespaceId(u32::try_from(index).unwrap()),
            belonging: match part {
                Part::Stage(stage) => {
                    let index = stages.iter().position(|known| known == stage).unwrap();
                    Belonging::Environment(EnvironmentId(u32::try_from(index).unwrap()))
                }
                Part::Shared => Belonging::Shared,
                Part::Unplaced => Belonging::Unplaced,
            },
            evidence: "drawn".to_owned(),
            labels,
            declared: manifest.is_some(),
            place: None,
        }
    }

    fn add(&self, snapshot: &mut Snapshot, document: &Json) {
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let api = text(&document["apiVersion"]);
        let (group, version) = api.split_once('/').unwrap_or(("", &api));
        let name = text(&document["metadata"]["name"]);
        let namespace = document["metadata"]["namespace"].as_str();
        let index = namespace.and_then(|name| self.placing.iter().position(|(known, _)| known == name));
        let identity = Identity {
            kind: GroupKind::new(group, &text(&document["kind"])),
            namespace: namespace.map(Into::into),
            name: name.into(),
        };
        let object =
            Object { identity, version: version.to_owned(), source: SourceId(0), tree: tree(document), template: None };
        let id = index.map(|index| NamespaceId(u32::try_from(index).unwrap()));
        if let (Some(index), Some(extracted)) = (index, dtap_snapshot::workload::workload(&object)) {
            let mut workload = extracted.workload;
            workload.namespace = u32::try_from(index).unwrap();
            workload.labels =
                u32::try_from(position(&mut snapshot.label_sets, extracted.labels.to_vec().into())).unwrap();
            workload.ports = u32::try_from(position(&mut snapshot.port_sets, extracted.ports.to_vec())).unwrap();
            snapshot.workloads.push(workload);
        }
        let environment = id.and_then(|id| snapshot.namespace(id)).and_then(|namespace| match namespace.belonging {
            Belonging::Environment(id) => Some(id),
            _ => None,
        });
        snapshot.objects.push(Placed { object, cluster: ClusterId(0), namespace: id, environment, adrift: false });
    }
}

/// Where an item stands in a table, after it was added if it was not there.
fn position<T: PartialEq>(table: &mut Vec<T>, item: T) -> usize {
    table.iter().position(|known| *known == item).unwrap_or_else(|| {
        table.push(item);
        table.len() - 1
    })
}

/// Two to five namespaces in two or three stages; sometimes one that serves all, sometimes one that belongs nowhere.
fn rooms(draw: &mut Draw) -> Vec<Room> {
    let mut parts = vec![("shop-dev", Part::Stage(0)), ("shop-prd", Part::Stage(2))];
    if draw.chance(75) {
        parts.push(("shop-tst", Part::Stage(1)));
    }
    if draw.chance(25) {
        parts.push(("data-prd", Part::Stage(2)));
    }
    if draw.chance(33) {
        parts.push(("monitoring", Part::Shared));
    }
    if draw.chance(5) {
        parts.push(("sandbox", Part::Unplaced));
    }
    parts
        .into_iter()
        .map(|(name, part)| {
            let mut labels = json!({});
            if let Part::Stage(stage) = part
                && draw.chance(85)
            {
                labels["env"] = json!(STAGES[stage]);
            }
            if draw.chance(40) {
                labels["team"] = json!("shop");
            }
            if draw.chance(5) {
                labels["kubernetes.io/metadata.name"] = json!("shop-dev");
            }
            if draw.chance(10) {
                labels["pod-security.kubernetes.io/enforce"] =
                    json!(*draw.one(&["baseline", "restricted", "privileged"]));
            }
            // One that the API server refuses, now and then.
            let name = if draw.chance(1) { name.to_uppercase() } else { name.to_owned() };
            Room {
                name,
                part,
                declared: !draw.chance(12),
                labels,
                workloads: Vec::new(),
                policies: Vec::new(),
                services: Vec::new(),
            }
        })
        .collect()
}

/// Now and then strict, now and then on somebody's word.
fn settings(draw: &mut Draw) -> Settings {
    let strict = draw.chance(14);
    Settings {
        strict,
        assume: Assumed {
            cni_enforces: draw.chance(if strict { 50 } else { 10 }),
            input_complete: draw.chance(if strict { 70 } else { 10 }),
            no_host_network: draw.chance(if strict { 70 } else { 10 }),
            clusters_apart: draw.chance(if strict { 50 } else { 10 }),
            own_namespaces: draw.chance(if strict { 50 } else { 10 }),
            ip_block_matches_pods: if draw.chance(12) { Some(draw.chance(50)) } else { None },
            pod_ranges: if draw.chance(12) { Some(vec!["10.0.0.0/8".parse().unwrap()]) } else { None },
        },
    }
}

/// A document as an object tree.
pub fn tree(json: &Json) -> Tree {
    Node::synthetic(match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Integer),
        Json::String(text) => Value::String(Cow::Owned(text.clone())),
        Json::Array(items) => Value::Sequence(items.iter().map(tree).collect()),
        Json::Object(entries) => Value::Mapping(
            entries
                .iter()
                .map(|(key, value)| Entry {
                    key: Cow::Owned(key.clone()),
                    key_span: Span::default(),
                    node: tree(value),
                })
                .collect(),
        ),
    })
}

/// A value as YAML in one line, with as few quotes as are safe.
fn flow(json: &Json) -> String {
    let word = |text: &str| {
        let plain = !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-./_".contains(&byte))
            && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str());
        if plain { text.to_owned() } else { serde_json::to_string(text).unwrap() }
    };
    match json {
        Json::String(text) => word(text),
        Json::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Json::Object(entries) => {
            format!(
                "{{{}}}",
                entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", word(key), flow(value)))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        }
        other => other.to_string(),
    }
}
