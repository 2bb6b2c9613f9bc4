//! Contacts told as findings: one a cause, the sources of all environments folded into its line.

use super::contact::{Contact, Degree, Inbound, environment, is_one_cluster};
use super::flow::{End, Passage, Witness};
use super::mend::{mend, stages};
use super::plane::{Plane, Policy, Route, Unsettled};
use super::policy::{Direction, Namespaces, Peer};
use super::published::Publisher;
use super::rules;
use super::selector::Selector;
use super::service::Service;
use dtap_model::environment::EnvironmentId;
use dtap_model::object::GroupKind;
use dtap_report::{Evidence, Finding, Fingerprint, Rule, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// A finding and the pairs of environments that it stands behind, the destination second.
pub struct Told {
    /// The finding.
    pub finding: Finding,
    /// How bad it is.
    pub degree: Degree,
    /// The pairs.
    pub pairs: BTreeSet<(EnvironmentId, EnvironmentId)>,
}

/// What several contacts have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// Policies of a kind that is not modelled.
    Kind(GroupKind),
    /// A gap: told by the reading, and a reason for unknown; no finding here.
    Gap,
    /// No policy selects the pods reached, in namespaces of this environment.
    Open(EnvironmentId),
    /// A new pod of this namespace.
    NewPod(usize),
    /// What leaves contacts with a stage undecided, in words that are the same wherever a policy is repeated.
    Doubt(String, String),
    /// Pods of this class, on their node's network.
    Node(usize),
    /// A way into this namespace.
    Way(usize, Passage),
}

/// The findings of all contacts.
#[must_use]
pub fn findings(plane: &Plane<'_>, inbound: &[Inbound]) -> Vec<Told> {
    let mut causes: BTreeMap<(Degree, &str, Cause), (&'static Rule, Vec<&Contact>)> = BTreeMap::new();
    for contact in inbound.iter().flat_map(|inbound| &inbound.contacts) {
        let Some((rule, cause)) = cause(plane, contact) else { continue };
        causes.entry((contact.degree, rule.code, cause)).or_insert_with(|| (rule, Vec::new())).1.push(contact);
    }
    let told = causes.into_iter().filter_map(|((degree, _, cause), (rule, contacts))| {
        let pairs = contacts.iter().filter_map(|contact| Some((contact, environment(plane, contact.witness.to)?)));
        let pairs = pairs.flat_map(|(contact, to)| contact.sources.iter().map(move |from| (*from, to))).collect();
        let finding = match &cause {
            Cause::Gap => return None,
            Cause::Kind(kind) => not_modelled(plane, kind, &contacts, &pairs)?,
            cause => contact_finding(plane, (rule, degree), cause, &contacts, &pairs)?,
        };
        Some(Told { finding, degree, pairs })
    });
    told.collect()
}

/// Which rule a contact breaks, and by what cause.
fn cause(plane: &Plane<'_>, contact: &Contact) -> Option<(&'static Rule, Cause)> {
    let witness = &contact.witness;
    let way = match contact.ingress {
        Passage::Unselected => Cause::Open(environment(plane, witness.to)?),
        way => Cause::Way(witness.to, way),
    };
    Some(match (contact.degree, contact.ingress) {
        (_, Passage::FromNode(class)) => (&rules::node_network::RULE, Cause::Node(class)),
        (Degree::Broken, _) => (&rules::cross_environment_contact::RULE, way),
        // What a new pod could do is one cause a namespace, whatever it comes in by.
        (Degree::TodayOnly, _) => (&rules::no_default_deny::RULE, Cause::NewPod(witness.to)),
        (Degree::Unknown, _) if !is_one_cluster(plane, witness.from, witness.to) => {
            (&rules::undecided_contact::RULE, Cause::Gap)
        }
        (Degree::Unknown, _) => match unsettled(plane, witness) {
            Some(cause) => (&rules::kind_not_modelled::RULE, cause),
            None => {
                let (rule, doubt) = undecided(plane, witness);
                let environment = plane.snapshot.environment(environment(plane, witness.to)?)?;
                (rule, Cause::Doubt(environment.stage.clone(), doubt))
            }
        },
    })
}

/// The cause for which nothing is certain at one of the ends, if it is one.
fn unsettled(plane: &Plane<'_>, witness: &Witness) -> Option<Cause> {
    let cause = |at: usize| plane.spaces.get(at).and_then(|space| space.unsettled);
    match cause(witness.to).or_else(|| cause(witness.from))? {
        Unsettled::Kind(object) => {
            plane.snapshot.objects.get(object).map(|placed| Cause::Kind(placed.object.identity.kind.clone()))
        }
        Unsettled::Gap(_) => Some(Cause::Gap),
    }
}

/// Why a contact could not be decided: the rule of the first doubt on its way, and what is in doubt.
fn undecided(plane: &Plane<'_>, witness: &Witness) -> (&'static Rule, String) {
    let sides = [
        (witness.to, &witness.destination, witness.ingress, Direction::Ingress),
        (witness.from, &witness.source, witness.egress, Direction::Egress),
    ];
    let doubts = sides.into_iter().find_map(|(at, end, passage, direction)| {
        let rule = doubt(plane, at, end, passage, direction)?;
        Some((rule, format!("{} {}", direction.section(), told_passage(plane, at, passage, direction))))
    });
    // A namespace that is not declared may carry the labels by which a peer selects (N14).
    let others = [(witness.ingress, Direction::Ingress, witness.from), (witness.egress, Direction::Egress, witness.to)];
    let undeclared = others.into_iter().any(|(passage, direction, other)| by_label(plane, passage, direction, other));
    if doubts.is_none() && undeclared {
        return (&rules::undecided_contact::RULE, "labels of namespaces that are not declared".to_owned());
    }
    doubts.unwrap_or_else(|| {
        let way = told_passage(plane, witness.to, witness.ingress, Direction::Ingress);
        (&rules::undecided_contact::RULE, way)
    })
}

/// Why a flow could not be decided, in words that are the same wherever a policy is repeated; none where a gap is the cause,
/// which speaks for itself.
#[must_use]
pub fn doubt_in_words(plane: &Plane<'_>, witness: &Witness) -> Option<String> {
    match unsettled(plane, witness) {
        Some(Cause::Kind(kind)) => return Some(format!("policies of kind {kind} are not modelled")),
        Some(_) => return None,
        None => {}
    }
    let (rule, _) = undecided(plane, witness);
    let sides = [
        (witness.from, witness.egress, Direction::Egress, "lets out to"),
        (witness.to, witness.ingress, Direction::Ingress, "admits"),
    ];
    Some(
        sides
            .into_iter()
            .find_map(|(at, passage, direction, verb)| match passage {
                Passage::Through(index, route) => {
                    let policy = plane.policies.get(index)?;
                    let route = policy.routes(direction)?.get(route)?;
                    let name = &policy.placed.object.identity.name;
                    let is_block = matches!(route.way.peer, Peer::Block(_));
                    is_block
                        .then(|| format!("policy {name} {verb} {}, which may be those of pods and nodes", peer(route)))
                }
                Passage::ByNode(by) => Some(format!("{} publishes it on nodes", publisher_name(plane, at, by))),
                _ => None,
            })
            .unwrap_or_else(|| rule.title.to_owned()),
    )
}

/// Whether the peer of a passage is in that namespace by labels that it only may carry.
fn by_label(plane: &Plane<'_>, passage: Passage, direction: Direction, other: usize) -> bool {
    let Passage::Through(index, route) = passage else { return false };
    let route = plane.policies.get(index).and_then(|policy| policy.routes(direction)?.get(route));
    let set = route.and_then(|route| plane.sets.get(route.namespaces?));
    set.is_some_and(|set| !set.certain.contains(other))
}

/// What is in doubt at one end, if something is.
fn doubt(plane: &Plane<'_>, at: usize, end: &End, passage: Passage, direction: Direction) -> Option<&'static Rule> {
    let on_node = match end {
        End::Known(class) => plane.classes.get(*class).is_some_and(|class| class.host_network),
        End::WouldBe(_) => false,
    };
    let by_policy = |policy: &Policy<'_>| {
        if policy.refused.is_some() { &rules::policy_refused::RULE } else { &rules::alternatives_differ::RULE }
    };
    match passage {
        Passage::SecondaryNetwork => return Some(&rules::secondary_network::RULE),
        Passage::ByNode(_) => return Some(&rules::published_on_nodes::RULE),
        _ if on_node => return Some(&rules::node_network::RULE),
        Passage::Through(index, route) => {
            let policy = plane.policies.get(index)?;
            if policy.refused.is_some() {
                return Some(&rules::policy_refused::RULE);
            }
            if matches!(policy.routes(direction)?.get(route)?.way.peer, Peer::Block(_)) {
                return Some(&rules::address_block::RULE);
            }
        }
        Passage::Unselected | Passage::FromNode(_) => {}
    }
    let groups = plane.spaces.get(at).map_or(&[][..], |space| space.groups(direction));
    let mut split = groups.iter().filter(|group| group.is_split()).flat_map(|group| &group.possible);
    split.find_map(|index| plane.policies.get(*index)).map(by_policy)
}

/// A passage by the name of its policy and the peer in words.
fn told_passage(plane: &Plane<'_>, at: usize, passage: Passage, direction: Direction) -> String {
    match passage {
        Passage::Through(index, route) => {
            let policy = plane.policies.get(index);
            let peer = policy.and_then(|policy| policy.routes(direction)?.get(route)).map(peer);
            let name = policy.map_or("", |policy| policy.placed.object.identity.name.as_str());
            format!("{name} {}", peer.unwrap_or_default())
        }
        Passage::Unselected => "unselected".to_owned(),
        Passage::FromNode(_) => "node".to_owned(),
        Passage::SecondaryNetwork => "beside".to_owned(),
        Passage::ByNode(publisher) => publisher_name(plane, at, publisher),
    }
}

/// The Service that publishes pods of a namespace; none for a hostPort.
fn publishing<'p, 's>(plane: &'p Plane<'s>, at: usize, publisher: Publisher) -> Option<&'p Service<'s>> {
    match publisher {
        Publisher::Service(service) => plane.services.get(at)?.get(service),
        Publisher::HostPort => None,
    }
}

/// What publishes pods of a namespace on nodes, in words.
#[must_use]
pub fn publisher_name(plane: &Plane<'_>, at: usize, publisher: Publisher) -> String {
    let service = publishing(plane, at, publisher);
    service.map_or("a hostPort".to_owned(), |service| format!("Service {}", service.placed.object.identity.name))
}

/// The finding about a kind that is not modelled.
fn not_modelled(
    plane: &Plane<'_>,
    kind: &GroupKind,
    contacts: &[&Contact],
    pairs: &BTreeSet<(EnvironmentId, EnvironmentId)>,
) -> Option<Finding> {
    let rule = &rules::kind_not_modelled::RULE;
    let objects = plane.snapshot.objects.iter().filter(|placed| placed.object.identity.kind == *kind);
    let places: Vec<_> = objects.map(|placed| placed.object.cite_name()).collect();
    let (from, to) = sides(pairs);
    let summary = format!(
        "{} of kind {kind} {} not modelled: whether {} can open {} is unknown",
        places.len(),
        if places.len() == 1 { "is" } else { "are" },
        stages(plane, &from),
        stages(plane, &to),
    );
    let label = "may open or close what it selects".to_owned();
    Some(Finding {
        rule,
        severity: rule.severity,
        summary,
        evidence: places.first().map(|place| Evidence { place: *place, label }).into_iter().collect(),
        mend: None,
        environments: environments(plane, &from, &to),
        production: is_production(plane, &to),
        known: contacts.iter().any(|contact| contact.witness.is_known()),
        cases: contacts.iter().map(|contact| contact.cases).sum(),
        fingerprint: Fingerprint::of(rule.code, &[&kind.to_string()]),
    })
}

/// The finding about contacts by one way.
fn contact_finding(
    plane: &Plane<'_>,
    (rule, degree): (&'static Rule, Degree),
    cause: &Cause,
    contacts: &[&Contact],
    pairs: &BTreeSet<(EnvironmentId, EnvironmentId)>,
) -> Option<Finding> {
    // A contact between known pods is the better witness.
    let witness = &contacts.iter().min_by_key(|contact| !contact.witness.is_known())?.witness;
    let (from, to) = sides(pairs);
    let reached: BTreeSet<usize> = contacts.iter().map(|contact| contact.witness.to).collect();
    let more = match reached.len() {
        1 => String::new(),
        2 => " and another namespace".to_owned(),
        count => format!(" and {} other namespaces", count - 1),
    };
    let by = match witness.ingress {
        Passage::ByNode(by) => format!(" by a node, on which {} publishes it", publisher_name(plane, witness.to, by)),
        _ => String::new(),
    };
    let (verb, severity) = match degree {
        Degree::Broken => ("can open", Severity::Error),
        Degree::TodayOnly => ("could open", Severity::Warning),
        Degree::Unknown => ("may be able to open", Severity::Warning),
    };
    let summary = format!(
        "{} {verb} {}{}{more}{by} ({} for one)",
        stages(plane, &from),
        end(plane, witness.to, &witness.destination),
        witness.port,
        end(plane, witness.from, &witness.source),
    );
    Some(Finding {
        rule,
        severity,
        summary,
        evidence: evidence(plane, witness),
        mend: if degree == Degree::Unknown { None } else { mend(plane, witness) },
        environments: environments(plane, &from, &to),
        production: is_production(plane, &to),
        known: witness.is_known(),
        cases: contacts.iter().map(|contact| contact.cases).sum(),
        fingerprint: fingerprint(plane, rule, cause),
    })
}

/// The sources and the destinations of some pairs.
fn sides(pairs: &BTreeSet<(EnvironmentId, EnvironmentId)>) -> (BTreeSet<EnvironmentId>, BTreeSet<EnvironmentId>) {
    pairs.iter().copied().unzip()
}

/// Names in the order of the streets, the endangered side last.
fn environments(plane: &Plane<'_>, from: &BTreeSet<EnvironmentId>, to: &BTreeSet<EnvironmentId>) -> Vec<String> {
    let sources = from.difference(to);
    sources.chain(to).map(|id| plane.snapshot.environment_name(*id)).collect()
}

fn is_production(plane: &Plane<'_>, to: &BTreeSet<EnvironmentId>) -> bool {
    to.iter().filter_map(|id| plane.snapshot.environment(*id)).any(|environment| environment.production)
}

/// A pod as `namespace/workload`, or a new one with the labels it needs.
#[must_use]
pub fn end(plane: &Plane<'_>, namespace: usize, end: &End) -> String {
    let name = plane.namespace(namespace).map_or("", |namespace| namespace.name.as_str());
    match end {
        End::Known(class) => {
            let workload = plane.classes.get(*class).and_then(|class| class.members.first());
            format!("{name}/{}", workload.map_or("", |workload| workload.told_as.as_str()))
        }
        End::WouldBe(labels) if labels.is_empty() => format!("{name}/(a new pod)"),
        End::WouldBe(labels) => {
            let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("{name}/(a new pod with {})", labels.join(","))
        }
    }
}

/// The places that show a flow: how it gets in, then how it gets out.
fn evidence(plane: &Plane<'_>, witness: &Witness) -> Vec<Evidence> {
    let into = side(plane, witness.to, &witness.destination, witness.ingress, Direction::Ingress);
    let out = side(plane, witness.from, &witness.source, witness.egress, Direction::Egress);
    let doubtful = doubt(plane, witness.to, &witness.destination, witness.ingress, Direction::Ingress).is_none()
        && doubt(plane, witness.from, &witness.source, witness.egress, Direction::Egress).is_some();
    // What is in doubt is the more telling place.
    if doubtful { out.into_iter().chain(into).collect() } else { into.into_iter().chain(out).collect() }
}

/// How one end of a flow passes its own policies, and where that shows.
#[must_use]
pub fn side(plane: &Plane<'_>, at: usize, end: &End, passage: Passage, direction: Direction) -> Option<Evidence> {
    let told = |label: String| {
        let place = match end {
            End::Known(class) => Some(plane.classes.get(*class)?.members.first()?.place),
            End::WouldBe(_) => plane.namespace(at)?.place,
        };
        place.map(|place| Evidence { place, label })
    };
    let (index, route) = match passage {
        Passage::Through(index, route) => (index, route),
        Passage::Unselected => return told(format!("no policy that is known selects it for {}", direction.section())),
        Passage::FromNode(_) if direction == Direction::Egress => return told("is on its node's network".to_owned()),
        Passage::FromNode(_) => return told("its own node always reaches it".to_owned()),
        Passage::ByNode(by) => {
            return match publishing(plane, at, by) {
                Some(service) => {
                    let object = &service.placed.object;
                    let kind = if object.tree.at(&["spec", "type"]).is_some() { "type" } else { "externalIPs" };
                    let label = "publishes it on nodes, which may reach it whatever its policies".to_owned();
                    Some(Evidence { place: object.cite(&["spec", kind]), label })
                }
                None => told("is published on its node by a hostPort, whatever its policies".to_owned()),
            };
        }
        Passage::SecondaryNetwork => return told("reaches or is reached beside the cluster's network".to_owned()),
    };
    let policy = plane.policies.get(index)?;
    let route = policy.routes(direction)?.get(route)?;
    let object = &policy.placed.object;
    if policy.refused.is_some() {
        return Some(Evidence { place: object.cite_name(), label: "the API server refuses it".to_owned() });
    }
    let rule = route.way.rule.to_string();
    let position = route.way.position.map(|position| position.to_string());
    let mut steps = vec!["spec", direction.section(), &rule];
    if let Some(position) = &position {
        steps.extend([direction.peers(), position]);
    }
    let verb = if direction == Direction::Ingress { "admits" } else { "lets out to" };
    Some(Evidence { place: object.cite(&steps), label: format!("{verb} {}", peer(route)) })
}

/// A peer in words.
#[must_use]
pub fn peer(route: &Route<'_>) -> String {
    match &route.way.peer {
        Peer::Everyone => "everybody".to_owned(),
        Peer::Block(block) => format!("the addresses {}", block.text),
        Peer::Pods { namespaces, pods } => {
            let pods = if pods.is_everything() { String::new() } else { format!("pods with {} of ", selector(pods)) };
            match namespaces {
                Namespaces::Own => format!("{pods}its own namespace"),
                Namespaces::Selected(namespaces) if namespaces.is_everything() => format!("{pods}every namespace"),
                Namespaces::Selected(namespaces) => format!("{pods}every namespace with {}", selector(namespaces)),
            }
        }
    }
}

fn selector(selector: &Selector<'_>) -> String {
    let words: Vec<String> = selector.0.iter().map(|it| format!("{}{}", it.key, it.values)).collect();
    words.join(" and ")
}

/// The cause by name: where it stands in a file, or who the sources are, is no part of it.
fn fingerprint(plane: &Plane<'_>, rule: &Rule, cause: &Cause) -> Fingerprint {
    let place = |at: &usize| {
        let namespace = plane.namespace(*at);
        let cluster = namespace.and_then(|namespace| plane.snapshot.cluster(namespace.cluster));
        let environment = environment(plane, *at).map(|id| plane.snapshot.environment_name(id)).unwrap_or_default();
        let name = |text: Option<&str>| text.unwrap_or_default().to_owned();
        [name(cluster.map(|it| it.name.as_str())), environment, name(namespace.map(|it| it.name.as_str()))]
    };
    let (place, way) = match cause {
        Cause::Kind(_) | Cause::Gap => (<[String; 3]>::default(), String::new()),
        Cause::Open(id) => ([String::new(), plane.snapshot.environment_name(*id), String::new()], String::new()),
        Cause::NewPod(at) => (place(at), String::new()),
        Cause::Doubt(stage, doubt) => ([String::new(), stage.clone(), String::new()], doubt.clone()),
        Cause::Node(class) => {
            let class = plane.classes.get(*class);
            let member = class.and_then(|class| class.members.first()).map(|member| member.told_as.clone());
            (class.map(|class| place(&class.namespace)).unwrap_or_default(), member.unwrap_or_default())
        }
        Cause::Way(at, passage) => (place(at), told_passage(plane, *at, *passage, Direction::Ingress)),
    };
    let [cluster, environment, namespace] = &place;
    Fingerprint::of(rule.code, &[cluster, environment, namespace, &way])
}
