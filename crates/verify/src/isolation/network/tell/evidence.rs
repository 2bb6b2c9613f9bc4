//! The places that show a flow.

use super::doubt::doubt;
use super::words::{class, lets, publishing, sides};
use crate::isolation::network::flow::{End, Passage, Witness};
use crate::isolation::network::plane::{Bound, Plane};
use crate::isolation::network::policy::Direction;
use dtap_report::Evidence;
use dtap_snapshot::workload::is_on_nodes;

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
                    let by_type = is_on_nodes(object.tree.at(&["spec", "type"]));
                    let kind = if by_type { "type" } else { "externalIPs" };
                    let label = "publishes it on nodes, which may reach it whatever its policies".to_owned();
                    Some(Evidence { place: object.cite(&["spec", kind]), label })
                }
                None => told("is published on its node by a hostPort, whatever its policies".to_owned()),
            };
        }
        Passage::HiddenPods => return told("may be reached by what was not read".to_owned()),
        Passage::SecondaryNetwork => return told("reaches or is reached beside the cluster's network".to_owned()),
    };
    let route = plane.route(index, direction, route)?;
    let object = &plane.policies.get(index)?.placed.object;
    if plane.terms_of(index)?.refused.is_some() {
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
    class(plane, end).is_some_and(|class| {
        let groups = plane.spaces.get(class.namespace).map_or(&[][..], |space| space.groups(direction));
        let mut terms = groups.iter().flat_map(|group| &group.selecting).filter_map(|policy| plane.terms_of(*policy));
        terms.any(|terms| class.labels.match_selector(&terms.selects, Bound::Possible))
    })
}
