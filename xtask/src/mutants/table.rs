//! The mutations: for each clause of the semantics a place in the verifier's source where it can be got wrong.

/// One mutation.
pub struct Mutation {
    /// The clause that is broken: a line of the semantics and what of it.
    pub clause: &'static str,
    /// The file, from the root of the repository.
    pub file: &'static str,
    /// The text as it stands there, once.
    pub original: &'static str,
    /// What takes its place.
    pub replacement: &'static str,
    /// The test that must fail.
    pub test: &'static str,
}

const POLICY: &str = "crates/verify/src/isolation/network/policy.rs";
const SELECTOR: &str = "crates/verify/src/isolation/network/selector.rs";
const CLASSES: &str = "crates/verify/src/isolation/network/plane/classes.rs";
const KINDS: &str = "crates/verify/src/isolation/network/plane/kinds.rs";
const LABELS: &str = "crates/verify/src/isolation/network/plane/labels.rs";
const PLANE: &str = "crates/verify/src/isolation/network/plane/mod.rs";
const POLICIES: &str = "crates/verify/src/isolation/network/plane/policies.rs";
const METADATA: &str = "crates/verify/src/isolation/network/plane/metadata.rs";
const SETS: &str = "crates/verify/src/isolation/network/plane/sets.rs";
const FLOW: &str = "crates/verify/src/isolation/network/flow.rs";
const ADDRESS: &str = "crates/verify/src/isolation/network/address.rs";
const DOOR: &str = "crates/verify/src/isolation/network/door.rs";
const PORTS: &str = "crates/verify/src/isolation/network/ports.rs";
const ADDRESSES: &str = "crates/verify/src/isolation/network/service/addresses.rs";
const SERVICE: &str = "crates/verify/src/isolation/network/service/mod.rs";
const ASSUMPTIONS: &str = "crates/verify/src/isolation/network/assumptions.rs";
const WORKLOAD: &str = "crates/snapshot/src/workload.rs";

const MATRICES: &str = "literate::every_matrix_holds";
const AGREEMENT: &str = "agreement::fast_verifier_and_oracle_agree";

const fn mutation(
    clause: &'static str,
    file: &'static str,
    original: &'static str,
    replacement: &'static str,
    test: &'static str,
) -> Mutation {
    Mutation { clause, file, original, replacement, test }
}

/// Every mutation, in the order of the lines.
pub const MUTATIONS: &[Mutation] = &[
    mutation(
        "N1: without policyTypes an empty egress does not count",
        POLICY,
        "types.is_empty() && egress.is_some()",
        "types.is_empty() && spec.get(\"egress\").is_some()",
        MATRICES,
    ),
    mutation(
        "N1: without policyTypes Ingress always counts",
        POLICY,
        "(types.is_empty(), types.is_empty() && egress.is_some())",
        "(types.is_empty() && ingress.is_some(), types.is_empty() && egress.is_some())",
        AGREEMENT,
    ),
    mutation(
        "N1: a section whose type is not listed is ignored",
        POLICY,
        "Some(\"Egress\") => isolates_egress = true",
        "Some(\"Egress\") => (isolates_ingress, isolates_egress) = (true, true)",
        MATRICES,
    ),
    mutation(
        "N2: no rules admit nobody",
        POLICY,
        "ingress: isolates_ingress.then(|| ingress.unwrap_or_default())",
        "ingress: ingress.filter(|_| isolates_ingress)",
        MATRICES,
    ),
    mutation(
        "N2: a bare dash admits everybody",
        POLICY,
        "for (rule, node) in rules.iter().enumerate() {",
        "for (rule, node) in rules.iter().enumerate().filter(|(_, node)| !node.is_null()) {",
        MATRICES,
    ),
    mutation(
        "N3: no ports, every port",
        POLICY,
        "return Ok(PortRule::all());",
        "return Ok(PortRule::default());",
        AGREEMENT,
    ),
    mutation(
        "N3: no peers, everybody",
        POLICY,
        "ways.push(Way { rule, position: None, peer: Peer::Everyone, ports });",
        "",
        MATRICES,
    ),
    mutation(
        "N4: podSelector alone is the own namespace",
        POLICY,
        "map_or(Namespaces::Own, Namespaces::Selected)",
        "map_or(Namespaces::Selected(Selector::default()), Namespaces::Selected)",
        MATRICES,
    ),
    mutation(
        "N4: both selectors of one item must match",
        POLICY,
        "pods: pods.map(Selector::read).transpose()?.unwrap_or_default()",
        "pods: pods.filter(|_| namespaces.is_none()).map(Selector::read).transpose()?.unwrap_or_default()",
        MATRICES,
    ),
    mutation(
        "N4: an empty peer is refused",
        POLICY,
        "(None, None, None) => Err(\"a peer names neither a selector nor an ipBlock\".to_owned())",
        "(None, None, None) => Ok(Peer::Everyone)",
        MATRICES,
    ),
    mutation(
        "N4: an ipBlock beside a selector is refused",
        POLICY,
        "(_, _, Some(_)) => Err(\"a peer has an ipBlock beside a selector\".to_owned())",
        "(_, _, Some(block)) => Ok(Peer::Block(Block::read(block)?))",
        AGREEMENT,
    ),
    mutation(
        "N4: In without values is refused",
        SELECTOR,
        "(\"In\", false) => Values::any_of(named)",
        "(\"In\", _) => Values::any_of(named)",
        AGREEMENT,
    ),
    mutation(
        "N4: what is refused is neither nobody nor everybody",
        POLICIES,
        "if refused { force.in_doubt() } else { force }",
        "if refused { force } else { force }",
        MATRICES,
    ),
    mutation(
        "N4: a policy is refused for its name, too",
        METADATA,
        "if !is_object_name(name) {",
        "if name.is_empty() {",
        MATRICES,
    ),
    mutation(
        "N5: NotIn matches what lacks the key",
        SELECTOR,
        "rest: !self.rest, absent: !self.absent }",
        "rest: !self.rest, absent: false }",
        MATRICES,
    ),
    mutation(
        "N5: DoesNotExist matches what lacks the key",
        SELECTOR,
        "(\"DoesNotExist\", true) => Values { named, rest: false, absent: true }",
        "(\"DoesNotExist\", true) => Values { named, rest: false, absent: false }",
        AGREEMENT,
    ),
    mutation(
        "N6: policies add up",
        DOOR,
        "groups.iter().flat_map(|group| subject.through_every_alternative(group))",
        "groups.iter().filter(|_| groups.len() == 1).flat_map(|group| subject.through_every_alternative(group))",
        MATRICES,
    ),
    mutation(
        "N6: except cuts only from its own block",
        POLICY,
        "for (position, peer) in peers.iter().enumerate() {",
        "for (position, peer) in\n            peers.iter().enumerate().filter(|(at, _)| *at == 0 || peers.iter().all(|it| it.at(&[\"ipBlock\", \"except\"]).is_none()))\n        {",
        MATRICES,
    ),
    mutation(
        "N7: both ends must open the port",
        FLOW,
        "opened(self.out, declared).intersection(&opened(self.into, declared))",
        "opened(self.into, declared).intersection(&opened(self.into, declared))",
        MATRICES,
    ),
    mutation("N8: TCP unless it is said", POLICY, "None => Protocol::Tcp,", "None => Protocol::Udp,", MATRICES),
    mutation(
        "N8: endPort is inclusive",
        POLICY,
        "rule.fixed.add(protocol, first, last);",
        "rule.fixed.add(protocol, first, last.saturating_sub(u16::from(last > first)));",
        MATRICES,
    ),
    mutation(
        "N8: endPort below port is refused",
        POLICY,
        "if last < first {",
        "if last < first && first == 0 {",
        AGREEMENT,
    ),
    mutation("N8: no port, all of the protocol", POLICY, "rule.fixed.add(protocol, 1, u16::MAX);", "", AGREEMENT),
    mutation(
        "N8: a rule for SCTP opens no TCP",
        POLICY,
        "rule.fixed.add(protocol, first, last);",
        "rule.fixed.add(if protocol == Protocol::Sctp { Protocol::Tcp } else { protocol }, first, last);",
        MATRICES,
    ),
    mutation(
        "N9: the protocol of a name must agree",
        PORTS,
        "port.protocol == *protocol && port.name.as_deref() == Some(name)",
        "port.name.as_deref() == Some(name)",
        MATRICES,
    ),
    mutation(
        "N9: one name may mean several numbers",
        PORTS,
        "for port in declared.iter().filter(|port| port.protocol == *protocol && port.name.as_deref() == Some(name))",
        "for port in declared.iter().filter(|port| port.protocol == *protocol && port.name.as_deref() == Some(name)).take(1)",
        MATRICES,
    ),
    mutation(
        "N9: a pod that may come gives a name any number",
        PORTS,
        "ports.add(*protocol, 1, u16::MAX);",
        "",
        MATRICES,
    ),
    mutation(
        "N9: the names of init containers count",
        WORKLOAD,
        "[\"containers\", \"initContainers\", \"ephemeralContainers\"]",
        "[\"containers\", \"containers\", \"ephemeralContainers\"]",
        MATRICES,
    ),
    mutation(
        "N10: an ipBlock around a Service's address may open its backends",
        ADDRESSES,
        "any(|address| block.may_cover(address))",
        "any(|_| false)",
        MATRICES,
    ),
    mutation(
        "N10: a rule may mean the Service's port or the pod's",
        SERVICE,
        "self.ports.iter().filter(|port| port.is_in(&direct))",
        "self.ports.iter().filter(|port| !port.is_in(&direct))",
        MATRICES,
    ),
    mutation(
        "N11: an ipBlock may cover pods",
        FLOW,
        "(_, Bound::Possible) => ranges.any(|range| block.may_cover(*range))",
        "(_, Bound::Possible) => false",
        MATRICES,
    ),
    mutation(
        "N11: an ipBlock does not surely cover pods",
        FLOW,
        "(Some(false), _) | (None, Bound::Certain) => false",
        "(Some(false), _) => false,\n            (None, Bound::Certain) => ranges.any(|range| block.may_cover(*range))",
        AGREEMENT,
    ),
    mutation(
        "N11: families are apart",
        FLOW,
        "families & if block.is_v6() { V6 } else { V4 }",
        "families & if block.is_v6() { V4 | V6 } else { V4 | V6 }",
        AGREEMENT,
    ),
    mutation(
        "N11: an except that is no strict subset is refused",
        ADDRESS,
        "if !strictly_within(except.net, cidr.net) {",
        "if !strictly_within(except.net, cidr.net) && except.net == cidr.net {",
        AGREEMENT,
    ),
    mutation(
        "N12: a pod on the node reaches its neighbours",
        FLOW,
        "&& may_share_node(plane, source?, destination, bound)",
        "&& !may_share_node(plane, source?, destination, bound)",
        MATRICES,
    ),
    mutation(
        "N11: host bits are read differently",
        ADDRESS,
        "plain: net.addr() == net.network() && !padded(length) })",
        "plain: !padded(length) })",
        MATRICES,
    ),
    mutation(
        "N12: what is published on nodes may be reached as a node",
        SERVICE,
        "is_on_nodes(self.kind)",
        "is_on_nodes(None)",
        MATRICES,
    ),
    mutation(
        "N12: whether a policy selects a pod on the node is undefined",
        DOOR,
        "possibly && class.host_network;",
        "possibly && class.host_network && class.members.is_empty();",
        MATRICES,
    ),
    mutation(
        "N12: selectors do not surely match a pod on the node",
        FLOW,
        "_ if class.host_network && self.bound == Bound::Certain => false,",
        "",
        AGREEMENT,
    ),
    mutation(
        "N13: finished pods have no identity",
        CLASSES,
        "filter(|first| !first.finished)",
        "filter(|_| true)",
        MATRICES,
    ),
    mutation(
        "N13: a policy under deletion protects nothing",
        KINDS,
        "and_then(Node::as_str).is_some_and(is_time)",
        "and_then(Node::as_str).is_some_and(|time| !is_time(time))",
        MATRICES,
    ),
    mutation(
        "N14: a namespace without a manifest may carry any label",
        LABELS,
        "_ if !namespace.declared || namespace.name == NO_NAMESPACE => Vec::new(),",
        "_ if namespace.name == NO_NAMESPACE => Vec::new(),",
        MATRICES,
    ),
    mutation(
        "N13: pending pods count as running",
        WORKLOAD,
        "Some(\"Succeeded\" | \"Failed\"))",
        "Some(\"Succeeded\" | \"Failed\" | \"Pending\"))",
        AGREEMENT,
    ),
    mutation(
        "N14: the name is a label whatever the manifest says",
        SETS,
        "by_label.entry((NAME_LABEL, &namespace.name)).or_default().push(at);",
        "",
        MATRICES,
    ),
    mutation(
        "N15: strict doubts what nobody vouches for",
        ASSUMPTIONS,
        "settings.strict && *needed && !vouched",
        "settings.strict && *needed && *vouched",
        MATRICES,
    ),
    mutation(
        "N17: one set of labels serves the other end's peer selector",
        FLOW,
        "Peer::Pods { pods, .. } => wish.to_mut().matching.push(pods),",
        "Peer::Pods { .. } => {}",
        AGREEMENT,
    ),
    mutation(
        "N17: labels are chosen against us within a bound, jointly",
        SELECTOR,
        "if !narrow(&mut labels, requirement) {",
        "if !narrow(&mut labels, requirement) || labels.len() > 1 {",
        MATRICES,
    ),
    mutation(
        "N18: another kind of the same name is not the standard one",
        KINDS,
        "placed.object.identity.kind.is(\"networking.k8s.io\", \"NetworkPolicy\") && placed.object.version == \"v1\"",
        "placed.object.identity.kind.kind == \"NetworkPolicy\"",
        MATRICES,
    ),
    mutation(
        "N18: what is not modelled is unknown",
        PLANE,
        "unsettled.get_or_insert(cause);",
        "let _ = (&unsettled, &cause);",
        MATRICES,
    ),
    mutation(
        "N18: a policy of the whole cluster reaches all of it",
        PLANE,
        "placed.namespace.map_or(Reach::Cluster(placed.cluster), Reach::Namespace)",
        "placed.namespace.map_or(Reach::Namespace(NamespaceId(u32::MAX)), Reach::Namespace)",
        MATRICES,
    ),
    mutation(
        "N18: a second network passes by all policies",
        FLOW,
        "let beside = bound == Bound::Possible && (secondary(source) || secondary(destination));",
        "let beside = bound == Bound::Possible && secondary(source) && secondary(destination);",
        MATRICES,
    ),
    mutation(
        "N18: a version that is no longer served protects nothing",
        KINDS,
        "kind.is(\"extensions\", \"NetworkPolicy\")\n        ||",
        "kind.is(\"extensions\", \"OtherPolicy\")\n        ||",
        MATRICES,
    ),
    mutation(
        "N19: templates are pods",
        WORKLOAD,
        "| (\"apps\", \"Deployment\" | \"StatefulSet\"",
        "| (\"apps\", \"StatefulSet\"",
        MATRICES,
    ),
    mutation(
        "N20: names of fields are exact",
        POLICY,
        "let peers = list(node, direction.peers())?;",
        "let peers = list(node, if node.get(\"form\").is_some() { \"form\" } else { direction.peers() })?;",
        MATRICES,
    ),
    mutation(
        "N21: documents of one name are alternatives",
        POLICIES,
        "let apart = if name.ends_with('*') { *policy } else { 0 };",
        "let apart = *policy;",
        MATRICES,
    ),
    mutation(
        "N21: documents that say the same are one",
        POLICIES,
        "spec(left).zip(spec(right)).is_some_and(|(left, right)| left.same_value(right))",
        "spec(left).zip(spec(right)).is_some_and(|(left, right)| !left.same_value(right))",
        MATRICES,
    ),
    mutation(
        "N21: of a workload that is declared twice either may hold",
        CLASSES,
        "identity(workload).is_some_and(|identity| differing.contains(&identity))",
        "identity(workload).is_some_and(|identity| differing.contains(&identity) && identity.0.is_empty())",
        MATRICES,
    ),
    mutation(
        "N22: every port counts, not the declared ones",
        PORTS,
        "None => Self::One(protocol, number),",
        "None => return None,",
        MATRICES,
    ),
];
