//! What the plane knows before anything is judged, so that most pairs need not be looked at.

use super::*;
use crate::isolation::network::door::admitted;
use crate::isolation::network::given::Maker;
use crate::isolation::network::plane::{Objects, Plane};
use crate::isolation::network::policy::Direction;

const NODE_PORT: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: orders, namespace: shop-prd}\n\
                         spec: {type: NodePort, selector: {app: orders}, clusterIP: 10.96.0.1, ports: [{port: 5432}]}\n";

#[test]
fn n10_a_block_that_holds_no_pod_leads_out_to_what_is_published_and_in_from_nowhere() {
    let peer = "[{ipBlock: {cidr: 203.0.113.0/24}}]";
    let out = format!("{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: {peer}}}]}}");
    let into = format!("{{podSelector: {{}}, ingress: [{{from: {peer}}}]}}");
    let reached = |object: &str, policies: [&[&str]; 2]| -> Vec<usize> {
        let snapshot = snapshot(&(street(policies[0], policies[1]) + object));
        let settings = Settings::default();
        let plane = Plane::compile(&snapshot, &settings);
        let [set] = plane.sets.as_slice() else { panic!("{:?}", plane.sets) };
        set.possible.ones().collect()
    };
    assert_eq!(reached("", [&[&out], &[]]), [0; 0]);
    assert_eq!(reached("", [&[], &[&into]]), [0; 0]);
    assert_eq!(reached(NODE_PORT, [&[&out], &[]]), [1]);
    assert_eq!(reached(NODE_PORT, [&[], &[&into]]), [0; 0]);
}

#[test]
fn n12_what_publishes_no_port_is_not_published() {
    let published = |yaml: &str| -> Vec<bool> {
        let snapshot = snapshot(yaml);
        let settings = Settings::default();
        Plane::compile(&snapshot, &settings).spaces.iter().map(|space| space.published).collect()
    };
    let street = street(&[], &[]);
    assert_eq!(published(&street), [false, false]);
    assert_eq!(published(&(street.clone() + NODE_PORT)), [false, true]);
    let host_port = street.replacen("containerPort: 5432", "containerPort: 5432, hostPort: 80", 1);
    assert_eq!(published(&host_port), [true, false]);
}

#[test]
fn who_admits_nobody_of_another_namespace_need_not_be_asked_about_them() {
    let admitted = |policies: &[&str]| -> Option<Vec<usize>> {
        let snapshot = snapshot(&street(&[], policies));
        let settings = Settings::default();
        let admitted = admitted(&Plane::compile(&snapshot, &settings), 1, Direction::Ingress)?;
        Some(admitted.ones().collect())
    };
    assert_eq!(admitted(&[]), None);
    assert_eq!(admitted(&[DENY]), Some(vec![]));
    assert_eq!(admitted(&["{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"]), Some(vec![1]));
    let dev = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {environment: dev}}}]}]}";
    assert_eq!(admitted(&[dev]), Some(vec![0]));
    assert_eq!(admitted(&["{podSelector: {}, ingress: [{}]}"]), None);
}

#[test]
fn policies_that_say_the_same_are_read_once_and_refused_each_by_its_name() {
    let terms = |yaml: &str| -> (Vec<usize>, Vec<Option<String>>) {
        let snapshot = snapshot(yaml);
        let settings = Settings::default();
        let plane = Plane::compile(&snapshot, &settings);
        let of = plane.policies.iter().map(|policy| policy.terms).collect();
        (of, plane.terms.iter().map(|terms| terms.refused.clone()).collect())
    };
    let open = "{podSelector: {}, ingress: [{}]}";
    let yaml = street(&[DENY], &[open, DENY]);
    assert_eq!(terms(&yaml), (vec![0, 1, 0], vec![None, None]));
    let (of, refused) = terms(
        &yaml.replace("name: p0, namespace: shop-dev", "name: P0, namespace: shop-dev").replace("name: p1", "name: P1"),
    );
    assert_eq!(of, [0, 1, 2]);
    let named = |at: usize, name: &str| refused[at].as_ref().is_some_and(|why| why.contains(name));
    assert!(named(0, "`P0`") && refused[1].is_none() && named(2, "`P1`"), "{refused:?}");
}

#[test]
fn n18_what_may_be_a_policy_is_told_by_its_kind() {
    let policy = "{apiVersion: example.net/v1, kind: OwnNetworkPolicy, metadata: {name: own, namespace: shop-prd}}\n";
    let snapshot = snapshot(&(street(&[], &[DENY]) + policy));
    let objects = Objects::of(&snapshot);
    let kinds: Vec<&str> =
        objects.policies.iter().map(|(_, placed)| placed.object.identity.kind.kind.as_str()).collect();
    assert_eq!(kinds, ["NetworkPolicy", "OwnNetworkPolicy"]);
}

#[test]
fn a_label_is_refused_whatever_stood_in_its_place_in_the_set_before() {
    let pod = |(at, labels): (usize, &&str)| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p{at}, namespace: shop-dev, labels: {{{labels}}}}}}}\n---\n"
        )
    };
    let labels = ["a: b", "a b: b", "a: c", "a: 'b c'", "a: b, c: d", "a: b, c d: d"];
    let snapshot = snapshot(&labels.iter().enumerate().map(pod).collect::<String>());
    let settings = Settings::default();
    let plane = Plane::compile(&snapshot, &settings);
    let refused: Vec<&str> = plane
        .classes
        .iter()
        .filter(|class| class.labels.shown.refused)
        .map(|class| class.first.name.as_str())
        .collect();
    assert_eq!(refused, ["p1", "p3", "p5"]);
}

#[test]
fn n18_networks_stand_in_their_own_namespace() {
    let network = "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\n\
                   metadata: {name: lan, namespace: shop-prd}\n";
    let snapshot = snapshot(&(street(&[], &[]) + network));
    let settings = Settings::default();
    let networks: Vec<bool> = Plane::compile(&snapshot, &settings).spaces.iter().map(|space| space.networks).collect();
    assert_eq!(networks, [false, true]);
}

#[test]
fn n21_a_namespace_is_there_for_the_pods_that_stand_in_it() {
    let adrift = |workload_too: bool| -> Vec<bool> {
        let mut snapshot = snapshot(&street(&[], &[]));
        snapshot.objects.iter_mut().for_each(|placed| placed.adrift = true);
        snapshot.workloads.iter_mut().for_each(|workload| workload.adrift = workload_too || workload.name == "web");
        let settings = Settings::default();
        Plane::compile(&snapshot, &settings).spaces.iter().map(|space| space.adrift).collect()
    };
    assert_eq!(adrift(true), [true, true]);
    assert_eq!(adrift(false), [true, false]);
}

#[test]
fn n21_a_running_pod_that_may_stand_elsewhere_is_not_taken_together_with_one_that_stands_here() {
    let pod = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: shop-dev, labels: {{app: web}}}}\n\
             spec: {{nodeName: n1}}\n---\n"
        )
    };
    let certain = |adrift: &str| -> usize {
        let mut snapshot = snapshot(&(pod("a") + &pod("b")));
        snapshot.workloads.iter_mut().for_each(|workload| workload.adrift = adrift.contains(workload.name.as_str()));
        let settings = Settings::default();
        Plane::compile(&snapshot, &settings).classes.iter().filter(|class| class.is_certain()).count()
    };
    assert_eq!(certain("a"), 1);
    assert_eq!(certain("b"), 1);
    assert_eq!(certain("a b"), 0);
}

#[test]
fn n19_a_custom_kind_called_pod_does_not_run() {
    let yaml = "apiVersion: example.net/v1\nkind: Pod\nmetadata: {name: a, namespace: shop-dev}\n\
                spec: {template: {metadata: {labels: {app: web}}, spec: {nodeName: n1, containers: [{name: a, image: b}]}}}\n";
    let snapshot = snapshot(yaml);
    let makers: Vec<Maker> = snapshot.workloads.iter().map(Maker::of).collect();
    assert_eq!(makers, [Maker::Custom]);
}

#[test]
fn of_many_policies_each_has_its_own_terms() {
    let policy = |number: usize| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p{number}, namespace: shop-prd}}\n\
             spec: {{podSelector: {{matchLabels: {{app: a{}}}}}}}\n---\n",
            number % 290
        )
    };
    let snapshot = snapshot(&(0..600).map(policy).collect::<String>());
    let settings = Settings::default();
    let plane = Plane::compile(&snapshot, &settings);
    assert_eq!((plane.policies.len(), plane.terms.len()), (600, 290));
    for policy in &plane.policies {
        let own = policy.placed.object.tree.get("spec").unwrap();
        let terms = plane.terms.get(policy.terms).and_then(|terms| terms.tree.get("spec")).unwrap();
        assert!(own.same_value(terms), "{}", policy.placed.object.identity.name);
    }
}
