//! What to do about a contact with a shared or unplaced namespace that could not be decided, of which no finding tells:
//! the rule that explains it, and what to type or to write.

use super::cause::Cause;
use super::doubt::{by_label, undecided, unsettled};
use super::words::{Side, class, publishing, sides};
use crate::isolation::network::flow::{Passage, Witness};
use crate::isolation::network::mend::{list, name_the_namespace};
use crate::isolation::network::plane::{Bound, Plane};
use crate::isolation::network::policy::{Direction, Peer};
use crate::isolation::network::published::Publisher;
use crate::isolation::network::ranges::RangesFrom;
use crate::isolation::network::service::Service;
use crate::isolation::network::{rules, unplaced};
use dtap_model::environment::{Belonging, NO_NAMESPACE};
use dtap_report::Rule;
use dtap_report::shell::word;

/// Where contact with a shared namespace is what somebody wants.
const MEANT: &str = "or, where it is meant to be open, let it out and in by labels: that is `open`, and no defect";

/// The rule that explains the doubt, and what to do.
#[must_use]
pub fn advice(plane: &Plane<'_>, witness: &Witness) -> (&'static Rule, String) {
    let belongs = |at: usize, to: Belonging| plane.namespace(at).is_some_and(|it| it.belonging == to);
    let ends = [witness.to, witness.from];
    let (rule, mend) = match unsettled(plane, witness) {
        Some(Cause::Kind(_)) => (&rules::kind_not_modelled::RULE, None),
        Some(_) => (&rules::object_refused::RULE, None),
        None => {
            let (rule, _) = undecided(plane, witness);
            (rule, of_way(plane, rule, witness))
        }
    };
    let general = || rule.mend.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned();
    let told = match (ends.into_iter().find(|at| belongs(*at, Belonging::Unplaced)), mend) {
        (Some(at), Some(mend)) => format!("{mend}; and {}", unplaced::mend(plane, at, witness)),
        (Some(at), None) => unplaced::mend(plane, at, witness),
        (None, Some(mend)) => format!("{mend}; {MEANT}"),
        (None, None) => general(),
    };
    (rule, told)
}

/// What to do about the way that is in doubt, where more can be said than the rule does.
fn of_way(plane: &Plane<'_>, rule: &Rule, witness: &Witness) -> Option<String> {
    let sides = sides(witness);
    if rule.code == rules::address_block::RULE.code {
        return sides.iter().find_map(|side| of_block(plane, side, witness));
    }
    if rule.code == rules::published_on_nodes::RULE.code {
        return Some(of_node(plane, witness));
    }
    if sides.iter().any(|side| side.passage == Passage::HiddenPods) {
        return Some("see to what could not be read: dtap scan --all names it".to_owned());
    }
    let undeclared = |side: &&Side<'_>| by_label(plane, side).is_some();
    let other = sides.iter().find(undeclared).and_then(|side| plane.namespace(side.other));
    let other = other.filter(|other| other.place.is_none() && other.name != NO_NAMESPACE);
    name_the_namespace(plane, witness)
        .or_else(|| other.map(|other| format!("add Namespace {} with its labels to the input", other.name)))
}

/// Of an ipBlock: which addresses are left to be cut out of it, as far as they may be those of pods or of a Service.
fn of_block(plane: &Plane<'_>, side: &Side<'_>, witness: &Witness) -> Option<String> {
    let Passage::Through(index, route) = side.passage else { return None };
    let Peer::Block(block) = &plane.route(index, side.direction, route)?.way.peer else { return None };
    let policy = &plane.policies.get(index)?.placed.object.identity.name;
    let ranges = plane.ranges.ranges.iter().filter(|range| block.may_cover(**range));
    let matches = plane.settings.assume.ip_block_matches_pods != Some(false);
    let ranges: Vec<String> = ranges.filter(|_| matches).map(ToString::to_string).collect();
    let mut told: Vec<String> = Vec::new();
    if !ranges.is_empty() {
        let elsewhere = "say with `--assume pod-range=CIDR,…` where pods' addresses lie";
        told.push(match plane.ranges.from {
            RangesFrom::Nothing if plane.settings.strict => {
                format!("{elsewhere}, and cut those out of policy {policy}")
            }
            _ if block.covers_all() => {
                let ranges = list(ranges.iter().map(String::as_str));
                format!("cut {ranges} out of policy {policy} with `except`, or {elsewhere}")
            }
            _ => format!("{elsewhere}, or name pods in policy {policy} by selectors in its stead"),
        });
    }
    if let Some(service) = service_in(plane, side, witness, |service| service.is_covered_by(block)) {
        let identity = &service.placed.object.identity;
        let room = plane.namespace(side.other).map_or("", |namespace| namespace.name.as_str());
        let dump = format!("kubectl get -o json -n {} service {}", word(room), word(&identity.name));
        let out = if told.is_empty() { format!("out of policy {policy} with `except`") } else { "out, too".to_owned() };
        let kind = &identity.kind.kind;
        told.push(format!("cut the addresses of {kind} {} {out}, and have them in the input ({dump})", identity.name));
    }
    (!told.is_empty()).then(|| told.join("; "))
}

/// A Service before the pods that are reached, to which a way out may lead.
fn service_in<'p, 's>(
    plane: &'p Plane<'s>,
    side: &Side<'_>,
    witness: &Witness,
    leads: impl Fn(&Service<'_>) -> bool,
) -> Option<&'p Service<'s>> {
    let services = plane.services.get(side.other).filter(|_| side.direction == Direction::Egress)?;
    let reached = class(plane, &witness.destination);
    let is_before = |service: &Service<'_>| {
        reached.is_none_or(|class| class.labels.match_selector(service.selects(), Bound::Possible))
    };
    services
        .iter()
        .find(|service| service.placed.object.identity.kind.is("", "Service") && leads(service) && is_before(service))
}

/// Of pods that are published on nodes: which way leads to the nodes.
fn of_node(plane: &Plane<'_>, witness: &Witness) -> String {
    let by = match witness.ingress {
        Passage::ByNode(by @ Publisher::Service(_)) => publishing(plane, witness.to, by),
        _ => None,
    };
    let publisher = match by {
        Some(service) => format!("make Service {} a ClusterIP", service.placed.object.identity.name),
        None => "take the hostPort off it".to_owned(),
    };
    let room = plane.namespace(witness.from).map_or("", |namespace| namespace.name.as_str());
    format!(
        "let egress of {room} out to pods by selectors only, for an ipBlock or no `to` leads to nodes; or {publisher}"
    )
}
