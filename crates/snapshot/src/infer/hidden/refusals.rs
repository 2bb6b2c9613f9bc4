//! What makes the API server refuse policies of the input: they are there for certain only where they were read from
//! it.

use super::matching::{POLICIES, takes_in};
use super::target::Target;
use super::{Ground, says};
use crate::snapshot::Placed;
use dtap_model::object::Object;
use dtap_model::tree::Node;
use std::collections::BTreeSet;

/// By how many objects of a kind a quota admits to a namespace.
const NUMBER: &str = "count/networkpolicies.networking.k8s.io";

/// A quota's namespace, where there are more policies than it admits.
pub fn by_number(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let Some(admitted) = object.tree.at(&["spec", "hard"]).and_then(|hard| hard.get(NUMBER)) else {
        return BTreeSet::new();
    };
    let written = |text: &str| text.parse::<usize>().ok();
    let admitted = admitted.as_str().map_or_else(|| usize::try_from(admitted.as_integer()?).ok(), written);
    let whole = |placed: &Placed| Some(ground.snapshot.namespace(placed.namespace?)?.whole);
    let here = ground.snapshot.objects.iter().find(|placed| std::ptr::eq(&placed.object, object)).and_then(whole);
    let own = |placed: &&Placed| whole(placed) == here;
    let policies: Vec<&Placed> = policies(ground).filter(own).collect();
    // A number that is not read may be any.
    let is_short = admitted.is_none_or(|admitted| admitted < policies.len());
    let is_found = is_short && policies.iter().any(|placed| is_new(placed));
    is_found.then_some(Target::Here).into_iter().collect()
}

/// The namespaces with policies, where a rule looks at policies and something binds it to deny what does not meet it.
pub fn by_rule(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let matched = object.tree.at(&["spec", "matchConstraints", "resourceRules"]);
    if !matched.is_none_or(|matched| takes_in(matched, POLICIES)) || !is_bound(ground, object) {
        return BTreeSet::new();
    }
    policies(ground).filter(|placed| is_new(placed)).filter_map(|placed| Some(Target::In(placed.namespace?))).collect()
}

fn is_bound(ground: &Ground<'_>, policy: &Object) -> bool {
    let is_binding = |object: &Object| {
        object.identity.kind.is("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding")
            && object.tree.at(&["spec", "policyName"]).and_then(Node::as_str) == Some(policy.identity.name.as_str())
    };
    let denies = |object: &Object| {
        let actions = object.tree.at(&["spec", "validationActions"]).map(Node::items).unwrap_or_default();
        actions.iter().any(|action| action.as_str() == Some("Deny"))
    };
    let on_cluster = ground.snapshot.objects.iter().filter(|placed| placed.cluster == ground.cluster);
    on_cluster.map(|placed| &placed.object).any(|object| is_binding(object) && denies(object))
}

/// The policies of the cluster.
fn policies<'s>(ground: &Ground<'s>) -> impl Iterator<Item = &'s Placed> + use<'s> {
    let cluster = ground.cluster;
    let is_policy = |placed: &&Placed| placed.object.identity.kind.is("networking.k8s.io", "NetworkPolicy");
    ground.snapshot.objects.iter().filter(move |placed| placed.cluster == cluster).filter(is_policy)
}

/// Whether an object was not read from an API server that has accepted it.
fn is_new(placed: &Placed) -> bool {
    !says(placed.object.tree.at(&["metadata", "uid"]))
}
