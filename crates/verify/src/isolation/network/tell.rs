//! Contacts told as findings: one a cause, the sources of all environments folded into its line.

use super::contact::{Contact, Degree, Inbound, environment, is_one_cluster};
use super::flow::{End, Passage, Witness};
use super::mend::{mend, stages};
use super::plane::{Bound, Plane, Policy, Route, Unsettled};
use super::policy::{Direction, Namespaces, Peer};
use super::ports::opens_tunnel;
use super::published::Publisher;
use super::rules;
use super::selector::Selector;
use super::service::Service;
use dtap_model::environment::{EnvironmentId, NO_NAMESPACE};
use dtap_model::object::GroupKind;
use dtap_report::{Evidence, Finding, Fingerprint, Rule, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// A finding and the pairs of environments that it stands behind, the destination second.
pub struct Told {
    /// The finding.
    pub finding: Finding,
    /// How bad it is.
    pub degree: Degree,
    /// The pairs; none is what belongs to no environment found.
    pub pairs: BTreeSet<(Option<EnvironmentId>, Option<EnvironmentId>)>,
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
        let pairs = pairs.into_iter().map(|(from, to)| (Some(from), Some(to))).collect();
        Some((way_in(plane, &cause), Told { finding, degree, pairs }))
    });
    told_apart(told.collect())
}

/// Findings told in the same words are told apart by the way in.
fn told_apart(told: Vec<(Option<String>, Told)>) -> Vec<Told> {
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    for (_, told) in &told {
        *alike.entry(told.finding.summary.clone()).or_default() += 1;
    }
    let apart = told.into_iter().map(|(way, mut told)| {
        if let Some(way) = way.filter(|_| alike.get(&told.finding.summary).is_some_and(|number| *number > 1)) {
            told.finding.summary = format!("{}, {way}", told.finding.summary);
        }
        told
    });
    apart.collect()
}

/// The way in that a cause is, where it is one through a policy.
fn way_in(plane: &Plane<'_>, cause: &Cause) -> Option<String> {
    let Cause::Way(_, Passage::Through(index, route)) = cause else { return None };
    let policy = plane.policies.get(*index)?;
    let way = &policy.routes(Direction::Ingress)?.get(*route)?.way;
    let peer = way.position.map(|position| format!(".from.{position}")).unwrap_or_default();
    Some(format!("by spec.ingress.{}{peer} of policy {}", way.rule, policy.placed.object.identity.name))
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
        Unsettled::Gap(_) | Unsettled::Name => Some(Cause::Gap),
    }
}

/// Whether nothing is certain in a namespace because the API server refuses its name.
fn has_refused_name(plane: &Plane<'_>, at: usize) -> bool {
    plane.spaces.get(at).is_some_and(|space| space.unsettled == Some(Unsettled::Name))
}

/// Why a contact could not be decided: the rule of the first doubt on its way, and what is in doubt.
fn undecided(plane: &Plane<'_>, witness: &Witness) -> (&'static Rule, String) {
    let doubts = sides(witness).into_iter().find_map(|side| {
        let (rule, words) = doubt(plane, &side)?;
        // What a refused policy would say is the same doubt, whether it would admit or not select.
        if *rule == rules::policy_refused::RULE {
            return Some((rule, words));
        }
        Some((
            rule,
            format!("{} {}", side.direction.section(), told_passage(plane, side.at, side.passage, side.direction)),
        ))
    });
    // A namespace that is not declared may carry the labels by which a peer selects (N14).
    let undeclared = sides(witness).iter().any(|side| by_label(plane, side).is_some());
    if doubts.is_none() && undeclared {
        return (&rules::undecided_contact::RULE, "labels of namespaces that are not declared".to_owned());
    }
    doubts.unwrap_or_else(|| {
        let way = told_passage(plane, witness.to, witness.ingress, Direction::Ingress);
        (&rules::undecided_contact::RULE, way)
    })
}

/// Why a flow could not be decided: what was missing or may be read in two ways. In words that are the same wherever a
/// policy is repeated; none where a gap is the cause, which speaks for itself.
#[must_use]
pub fn doubt_in_words(plane: &Plane<'_>, witness: &Witness) -> Option<String> {
    match unsettled(plane, witness) {
        Some(Cause::Kind(kind)) => return Some(format!("policies of kind {kind} are not modelled")),
        Some(_) if [witness.to, witness.from].into_iter().any(|at| has_refused_name(plane, at)) => {
            return Some("the API server refuses the name of a namespace".to_owned());
        }
        Some(_) => return None,
        None => {}
    }
    let sides = sides(witness);
    let doubted = sides.iter().find_map(|side| doubt(plane, side).map(|(_, words)| words));
    let found = doubted.or_else(|| sides.iter().find_map(|side| by_label(plane, side)));
    Some(found.unwrap_or_else(|| match is_one_cluster(plane, witness.from, witness.to) {
        true => undecided_pod(plane, &sides),
        false => "whether the two stand on one cluster is not said".to_owned(),
    }))
}

/// That a pod of one of the ends may be another one than the input shows.
fn undecided_pod(plane: &Plane<'_>, sides: &[Side<'_>]) -> String {
    let custom = |side: &&Side<'_>| match side.end {
        End::Known(class) => plane.classes.get(*class).is_some_and(|class| class.custom),
        End::WouldBe(_) => false,
    };
    let refused = |side: &&Side<'_>| match side.end {
        End::Known(class) => plane.classes.get(*class).is_some_and(|class| class.labels.refused),
        End::WouldBe(_) => false,
    };
    if let Some(side) = sides.iter().find(|side| plane.spaces.get(side.at).is_some_and(|space| space.refused)) {
        let name = plane.namespace(side.at).map_or("", |namespace| namespace.name.as_str());
        return format!("the API server refuses a label of namespace {name}");
    }
    if let Some(side) = sides.iter().find(refused) {
        return format!("the API server refuses a label of {}", end(plane, side.at, side.end));
    }
    match sides.iter().find(custom) {
        Some(side) => format!("what pods the controller of {} makes is not certain", end(plane, side.at, side.end)),
        None if is_by_tunnel(plane, sides) => {
            "the mesh's tunnel to 15008/TCP may lead to every port behind it".to_owned()
        }
        None => "labels that a controller adds to its pods decide it".to_owned(),
    }
}

/// Whether the tunnel of an ambient mesh leads to the end that is reached: every rule on the way opens its port (N23).
fn is_by_tunnel(plane: &Plane<'_>, sides: &[Side<'_>]) -> bool {
    let opens = |side: &Side<'_>| {
        let Passage::Through(index, route) = side.passage else { return true };
        let routes = plane.policies.get(index).and_then(|policy| policy.routes(side.direction));
        routes.and_then(|routes| routes.get(route)).is_some_and(|route| opens_tunnel(&route.way.ports.fixed))
    };
    let ambient = |side: &Side<'_>| plane.spaces.get(side.at).is_some_and(|space| space.ambient);
    sides.first().is_some_and(ambient) && sides.iter().all(opens)
}

/// One end of a flow, and how it passes its own policies.
struct Side<'w> {
    at: usize,
    end: &'w End,
    passage: Passage,
    direction: Direction,
    /// The namespace of the other end.
    other: usize,
}

/// Both ends, the one that is reached first.
fn sides(witness: &Witness) -> [Side<'_>; 2] {
    let Witness { from, source, to, destination, egress, ingress, .. } = witness;
    [
        Side { at: *to, end: destination, passage: *ingress, direction: Direction::Ingress, other: *from },
        Side { at: *from, end: source, passage: *egress, direction: Direction::Egress, other: *to },
    ]
}

/// `admits everybody`, `lets out to the addresses 10.0.0.0/8`.
fn lets(direction: Direction, route: &Route<'_>) -> String {
    let verb = if direction == Direction::Ingress { "admits" } else { "lets out to" };
    format!("{verb} {}", peer(route))
}

/// That the peer of a passage is in the other namespace by labels which that only may carry, if it is so.
fn by_label(plane: &Plane<'_>, side: &Side<'_>) -> Option<String> {
    let Passage::Through(index, route) = side.passage else { return None };
    let policy = plane.policies.get(index)?;
    let route = policy.routes(side.direction)?.get(route)?;
    let set = plane.sets.get(route.namespaces?)?;
    let other = plane.namespace(side.other).filter(|_| !set.certain.contains(side.other))?;
    let unknown = match other.place {
        _ if plane.spaces.get(side.other).is_some_and(|space| space.refused) => {
            format!("the API server refuses a label of namespace {}", other.name)
        }
        _ if other.name == NO_NAMESPACE => "the manifests of the other end name no namespace".to_owned(),
        Some(_) => format!("which labels namespace {} has is not certain", other.name),
        None => format!("no Namespace in the input shows the labels of {}", other.name),
    };
    Some(format!("policy {} {}, and {unknown}", policy.placed.object.identity.name, lets(side.direction, route)))
}

/// What is in doubt at one end, if something is: its rule, and the doubt in words.
fn doubt(plane: &Plane<'_>, side: &Side<'_>) -> Option<(&'static Rule, String)> {
    let Side { at, end: here, passage, direction, .. } = *side;
    let on_node = match here {
        End::Known(class) => plane.classes.get(*class).is_some_and(|class| class.host_network),
        End::WouldBe(_) => false,
    };
    let refused = |policy: &Policy<'_>| {
        let name = &policy.placed.object.identity.name;
        (&rules::policy_refused::RULE, format!("policy {name} is one that the API server refuses"))
    };
    match passage {
        Passage::SecondaryNetwork => {
            let words = "a pod has networks beside the cluster's, where no policy holds".to_owned();
            return Some((&rules::secondary_network::RULE, words));
        }
        Passage::ByNode(by) => {
            let node = match by {
                Publisher::Service(_) => "its nodes",
                Publisher::HostPort => "its node",
            };
            let words = format!("{node} may reach it whatever its policies, and pass on what arrives there");
            return Some((&rules::published_on_nodes::RULE, words));
        }
        _ if on_node => {
            let words =
                format!("{} is on its node's network, where policies may or may not hold", end(plane, at, here));
            return Some((&rules::node_network::RULE, words));
        }
        Passage::Through(index, route) => {
            let policy = plane.policies.get(index)?;
            if policy.refused.is_some() {
                return Some(refused(policy));
            }
            let route = policy.routes(direction)?.get(route)?;
            if matches!(route.way.peer, Peer::Block(_)) {
                let (name, lets) = (&policy.placed.object.identity.name, lets(direction, route));
                let words = format!("policy {name} {lets}, which may be those of pods and nodes");
                return Some((&rules::address_block::RULE, words));
            }
        }
        Passage::Unselected | Passage::FromNode(_) => {}
    }
    let groups = plane.spaces.get(at).map_or(&[][..], |space| space.groups(direction));
    let group = groups.iter().find(|group| group.is_split() && !group.possible.is_empty())?;
    let policy = group.possible.first().and_then(|index| plane.policies.get(*index))?;
    if policy.refused.is_some() {
        return Some(refused(policy));
    }
    let why = match group.possible.as_slice() {
        [_] => "may not be in force: another document of that name differs, or it is a hook or being deleted",
        _ => "is declared more than once, and the documents differ",
    };
    Some((&rules::alternatives_differ::RULE, format!("policy {} {why}", policy.placed.object.identity.name)))
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
    let (from, to) = ends(pairs);
    let summary = format!(
        "{} not modelled, of kind {kind}: whether {} can open {} is unknown",
        if places.len() == 1 { "1 policy is".to_owned() } else { format!("{} policies are", places.len()) },
        stages(plane, &from),
        if from == to { "each other".to_owned() } else { stages(plane, &to) },
    );
    let label = "may open or close what it selects".to_owned();
    Some(Finding {
        rule,
        severity: rule.severity,
        summary,
        evidence: places.first().map(|place| Evidence { place: *place, label }).into_iter().collect(),
        mend: None,
        about: kind.to_string(),
        cause: rule.title.to_owned(),
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
    // A contact between known pods is the better witness, and of what is refused one that shows it.
    let refused = *rule == rules::policy_refused::RULE;
    let rating = |contact: &&&Contact| (!contact.witness.is_known(), refused && contact.ingress == Passage::Unselected);
    let witness = &contacts.iter().min_by_key(rating)?.witness;
    let (from, to) = ends(pairs);
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
    let doubt = match degree {
        Degree::Unknown => doubt_in_words(plane, witness).map(|doubt| format!(": {doubt}")).unwrap_or_default(),
        Degree::TodayOnly | Degree::Broken => String::new(),
    };
    let opened = format!("{}{}", end(plane, witness.to, &witness.destination), witness.port);
    let about = match witness.destination {
        End::Known(_) => opened.clone(),
        End::WouldBe(_) => room(plane, witness.to).trim_end_matches(['/', ':']).to_owned(),
    };
    let summary = format!(
        "{} {verb} {opened}{more}{by} ({} for one){doubt}",
        stages(plane, &from),
        end(plane, witness.from, &witness.source),
    );
    Some(Finding {
        rule,
        severity,
        summary,
        evidence: evidence(plane, witness),
        mend: if degree == Degree::Unknown { None } else { mend(plane, witness) },
        about,
        cause: kind_of_way(plane, rule, degree, witness),
        environments: environments(plane, &from, &to),
        production: is_production(plane, &to),
        known: witness.is_known(),
        cases: contacts.iter().map(|contact| contact.cases).sum(),
        fingerprint: fingerprint(plane, rule, cause),
    })
}

/// What a way into a namespace has in common with others, where there are too many to tell one by one.
fn kind_of_way(plane: &Plane<'_>, rule: &Rule, degree: Degree, witness: &Witness) -> String {
    let by_labels = || sides(witness).iter().any(|side| by_label(plane, side).is_some());
    match (degree, witness.ingress) {
        (Degree::Broken, Passage::Unselected) => "no policy selects what can be opened".to_owned(),
        (Degree::Broken, Passage::Through(index, route)) => {
            let route = plane.policies.get(index).and_then(|policy| policy.routes(Direction::Ingress)?.get(route));
            let whom = match route.map(|route| &route.way.peer) {
                Some(Peer::Everyone) => "everybody",
                Some(Peer::Block(_)) => "addresses that pods of other environments have",
                Some(Peer::Pods { namespaces: Namespaces::Selected(all), .. }) if all.is_everything() => {
                    "every namespace"
                }
                _ => "namespaces of other environments by their labels",
            };
            format!("a policy admits {whom}")
        }
        (Degree::Unknown, _) if *rule == rules::undecided_contact::RULE && by_labels() => {
            "a policy admits by labels of a namespace that the input does not show".to_owned()
        }
        _ => rule.title.to_owned(),
    }
}

/// The sources and the destinations of some pairs.
fn ends(pairs: &BTreeSet<(EnvironmentId, EnvironmentId)>) -> (BTreeSet<EnvironmentId>, BTreeSet<EnvironmentId>) {
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
    let room = room(plane, namespace);
    match end {
        End::Known(class) => {
            let workload = plane.classes.get(*class).map(|class| class.first);
            format!("{room}{}", workload.map_or("", |workload| workload.told_as.as_str()))
        }
        End::WouldBe(labels) if labels.is_empty() => format!("{room}(a new pod)"),
        End::WouldBe(labels) => {
            let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("{room}(a new pod with {})", labels.join(","))
        }
    }
}

/// What stands before a workload's name: `shop-prd/`, or for what names no namespace the environment, `prd:`; both as
/// `dtap reach` takes them.
fn room(plane: &Plane<'_>, at: usize) -> String {
    let name = plane.namespace(at).map_or("", |namespace| namespace.name.as_str());
    match environment(plane, at).filter(|_| name == NO_NAMESPACE) {
        Some(id) if plane.snapshot.streets.len() > 1 => format!("{}:", plane.snapshot.environment_name(id)),
        Some(id) => format!("{}:", plane.snapshot.environment(id).map_or("", |environment| environment.stage.as_str())),
        None => format!("{name}/"),
    }
}

/// The places that show a flow: how it gets in, then how it gets out.
#[must_use]
pub fn evidence(plane: &Plane<'_>, witness: &Witness) -> Vec<Evidence> {
    let into = side(plane, witness.to, &witness.destination, witness.ingress, Direction::Ingress);
    let out = side(plane, witness.from, &witness.source, witness.egress, Direction::Egress);
    let [reached, source] = sides(witness).map(|side| doubt(plane, &side).is_some());
    let doubtful = source && !reached;
    // What is in doubt is the more telling place.
    if doubtful { out.into_iter().chain(into).collect() } else { into.into_iter().chain(out).collect() }
}

/// How one end of a flow passes its own policies, and where that shows.
#[must_use]
pub fn side(plane: &Plane<'_>, at: usize, end: &End, passage: Passage, direction: Direction) -> Option<Evidence> {
    let told = |label: String| {
        let place = match end {
            End::Known(class) => Some(plane.classes.get(*class)?.first.place),
            End::WouldBe(_) => plane.namespace(at)?.place,
        };
        place.map(|place| Evidence { place, label })
    };
    let (index, route) = match passage {
        Passage::Through(index, route) => (index, route),
        Passage::Unselected if may_be_selected(plane, end, direction) => {
            return told(format!("whether a policy selects it for {} is not certain", direction.section()));
        }
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
    Some(Evidence { place: object.cite(&steps), label: lets(direction, route) })
}

/// Whether a policy possibly selects a known pod.
fn may_be_selected(plane: &Plane<'_>, end: &End, direction: Direction) -> bool {
    let End::Known(class) = end else { return false };
    plane.classes.get(*class).is_some_and(|class| {
        let groups = plane.spaces.get(class.namespace).map_or(&[][..], |space| space.groups(direction));
        let policies = groups.iter().flat_map(|group| &group.selecting).filter_map(|at| plane.policies.get(*at));
        policies.into_iter().any(|policy| class.labels.match_selector(&policy.selects, Bound::Possible))
    })
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
            let member = class.map(|class| class.first.told_as.clone());
            (class.map(|class| place(&class.namespace)).unwrap_or_default(), member.unwrap_or_default())
        }
        Cause::Way(at, passage) => (place(at), told_passage(plane, *at, *passage, Direction::Ingress)),
    };
    let [cluster, environment, namespace] = &place;
    Fingerprint::of(rule.code, &[cluster, environment, namespace, &way])
}
