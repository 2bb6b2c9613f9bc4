//! Pods that are, that a controller makes (N19, N21), and that would be (N17).

use super::*;
use crate::isolation::network::plane::Plane;
use dtap_model::object::Template;
use dtap_model::workload::Workload;

#[test]
fn n21_what_may_come_to_stand_elsewhere_is_open_to_nobody_for_certain() {
    let mut snapshot = snapshot(&street(&[], &[]));
    let verdict = |snapshot: &Snapshot| verdict_of(&judge(snapshot, &Settings::default()), "dev", "prd");
    assert_eq!(verdict(&snapshot), Verdict::Broken);
    snapshot.workloads.iter_mut().for_each(|workload| workload.adrift = workload.name == "orders");
    assert_eq!(verdict(&snapshot), Verdict::Unknown);
    let findings = judge(&snapshot, &Settings::default()).findings;
    assert!(findings.iter().any(|told| told.summary.contains("names no namespace, and may come to stand")));
}

#[test]
fn n21_where_all_may_come_to_stand_elsewhere_no_new_pod_is_open_for_certain() {
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop-acc}\n";
    let judged = |yaml: String, adrift: &[&str]| {
        let mut snapshot = snapshot(&yaml);
        for placed in &mut snapshot.objects {
            placed.adrift = adrift.contains(&placed.object.identity.name.as_str());
        }
        let judgement = judge(&snapshot, &Settings::default());
        let told = judgement.findings.iter().any(|told| told.summary.contains("may all come to stand in those beside"));
        assert_eq!(verdict_of(&judgement, "dev", "acc"), verdict_of(&judgement, "acc", "dev"));
        (verdict_of(&judgement, "dev", "acc"), told)
    };
    let street = || street(&[], &[]);
    assert_eq!(judged(street() + config, &[]), (Verdict::Broken, false));
    assert_eq!(judged(street() + config, &["c"]), (Verdict::Unknown, true));
    let another = config.replace("name: c", "name: d");
    assert_eq!(judged(street() + config + "---\n" + &another, &["c"]), (Verdict::Broken, false), "it is there for d");
}

#[test]
fn n17_a_pod_that_would_be_has_one_set_of_labels_for_both_ends() {
    let dev = [
        "{podSelector: {}, policyTypes: [Egress]}",
        "{podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{}]}",
    ];
    let prd =
        ["{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: client}}}]}]}"];
    assert_eq!(into_prd(&dev, &prd), Verdict::TodayOnly);
    let prd =
        ["{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]}]}"];
    assert_eq!(into_prd(&dev, &prd), Verdict::Isolated);
}

#[test]
fn n21_a_workload_declared_twice_is_found_where_its_pods_differ() {
    let twice = |label: &str| {
        let deployment = |label: &str| {
            format!(
                "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api, namespace: shop-dev}}\n\
                 spec: {{template: {{metadata: {{labels: {{app: {label}}}}}}}}}\n"
            )
        };
        snapshot(&(street(&[], &[]) + &deployment("api") + &deployment(label)))
    };
    let found = |label: &str| {
        let findings = judge(&twice(label), &Settings::default()).findings;
        findings.into_iter().filter(|finding| finding.rule.code == "NET008").map(|finding| finding.summary).collect()
    };
    let told: Vec<String> = found("job");
    assert_eq!(told, ["2 documents are the one Deployment shop-dev/api, and their pods differ"]);
}

/// The finding about Deployments `api` with these labels, each rendered by a root of its own from the document at this
/// position, and the names of the files that it points at.
fn rendered(labels: &[(&str, usize)]) -> (Finding, Vec<String>) {
    let deployment = |label: &str| {
        format!(
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api, namespace: shop-dev}}\n\
             spec: {{template: {{metadata: {{labels: {{app: {label}}}}}}}}}\n"
        )
    };
    let text: String = labels.iter().map(|(label, _)| deployment(label)).collect();
    let mut snapshot = snapshot(&(street(&[], &[]) + &text));
    let mut add = |name: &str, origin: Origin| {
        snapshot.sources.add(Source { name: name.to_owned(), origin, text: "kind: Kustomization\n".to_owned() })
    };
    let bases = [add("base/api.yaml", Origin::File), add("base/other.yaml", Origin::File)];
    let roots: Vec<_> = (0..labels.len())
        .map(|root| {
            add(&format!("{root}/kustomization.yaml"), Origin::File);
            add(&root.to_string(), Origin::Rendering { program: "kustomize".to_owned() })
        })
        .collect();
    let deployments = snapshot.objects.iter_mut().filter(|placed| placed.object.identity.kind.kind == "Deployment");
    let mut template = None;
    for ((placed, root), (_, base)) in deployments.zip(roots).zip(labels) {
        let tree = template.get_or_insert_with(|| placed.object.tree.clone()).clone();
        placed.object.template = Some(Template { source: bases[*base], tree });
        placed.object.source = root;
    }
    let findings = judge(&snapshot, &Settings::default()).findings;
    let finding = findings.into_iter().find(|finding| finding.rule.code == "NET008").unwrap();
    let files = finding.evidence.iter().map(|at| snapshot.sources.get(at.place.source).unwrap().name.clone());
    let files = files.collect();
    (finding, files)
}

#[test]
fn n21_what_several_roots_render_of_one_document_is_told_as_forms_with_the_roots() {
    let (finding, files) = rendered(&[("api", 0), ("job", 0)]);
    assert_eq!(finding.summary, "Deployment shop-dev/api is rendered in 2 forms, whose pods differ");
    assert!(finding.mend.as_deref().unwrap_or_default().contains("--exclude"), "{finding:?}");
    assert_eq!(files, ["base/api.yaml", "0/kustomization.yaml", "1/kustomization.yaml"]);
    let (finding, _) = rendered(&[("api", 0), ("job", 0), ("api", 0)]);
    assert_eq!(finding.summary, "Deployment shop-dev/api is rendered in 2 forms, whose pods differ", "two agree");
}

#[test]
fn n21_what_roots_render_of_several_documents_is_told_as_the_documents() {
    let (finding, files) = rendered(&[("api", 0), ("job", 0), ("web", 1)]);
    assert_eq!(finding.summary, "2 documents are the one Deployment shop-dev/api, and their pods differ");
    assert_eq!((finding.mend, files), (None, vec!["base/api.yaml".to_owned(), "base/other.yaml".to_owned()]));
}

#[test]
fn n19_pods_carry_what_their_controllers_add() {
    let of = |kind: &str| {
        let version = if kind == "Job" { "batch/v1" } else { "apps/v1" };
        format!(
            "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: h, namespace: shop-dev}}\n\
             spec: {{template: {{metadata: {{labels: {{app: h}}}}, spec: {{containers: [{{name: h}}]}}}}}}\n"
        )
    };
    let judged = |kind: &str, peer: &str| {
        let admits =
            format!("{{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{}}, podSelector: {peer}}}]}}]}}");
        verdict(&(street(&[], &[&admits]) + &of(kind)), &Settings::default(), "dev", "prd")
    };
    let exists = "{matchExpressions: [{key: pod-template-hash, operator: Exists}]}";
    assert_eq!(judged("Deployment", exists), Verdict::Broken);
    assert_eq!(judged("DaemonSet", exists), Verdict::TodayOnly);
    assert_eq!(judged("Deployment", "{matchLabels: {pod-template-hash: abc}}"), Verdict::Unknown);
    assert_eq!(judged("Job", "{matchLabels: {job-name: h}}"), Verdict::Broken);
    assert_eq!(judged("Job", "{matchLabels: {job-name: other}}"), Verdict::TodayOnly);
    assert_eq!(judged("StatefulSet", "{matchLabels: {statefulset.kubernetes.io/pod-name: h-0}}"), Verdict::Unknown);
    assert_eq!(
        judged("StatefulSet", "{matchLabels: {statefulset.kubernetes.io/pod-name: other-0}}"),
        Verdict::TodayOnly
    );
}

#[test]
fn n19_a_job_that_selects_by_hand_or_is_managed_elsewhere_is_labelled_by_nobody_known() {
    let judged = |kind: &str, spec: &str, operator: &str| {
        let of = format!(
            "apiVersion: {kind}\nmetadata: {{name: it, namespace: shop-prd}}\n\
             spec: {{{spec}template: {{spec: {{containers: [{{name: c, ports: [{{containerPort: 80}}]}}]}}}}}}\n"
        );
        let selects = format!("{{podSelector: {{matchExpressions: [{{key: job-name, operator: {operator}}}]}}}}");
        into(&(street(&[], &["{podSelector: {matchLabels: {app: orders}}}", &selects]) + &of))
    };
    let job = "batch/v1\nkind: Job";
    for (kind, spec, operator, expected) in [
        (job, "", "Exists", Verdict::TodayOnly),
        (job, "manualSelector: false, ", "Exists", Verdict::TodayOnly),
        (job, "manualSelector: true, ", "Exists", Verdict::Broken),
        (job, "manualSelector: true, ", "DoesNotExist", Verdict::TodayOnly),
        (job, "managedBy: kubernetes.io/job-controller, ", "DoesNotExist", Verdict::Broken),
        (job, "managedBy: example.com/other, ", "Exists", Verdict::Unknown),
        (job, "managedBy: example.com/other, ", "DoesNotExist", Verdict::Unknown),
        ("batch.volcano.sh/v1\nkind: Job", "", "DoesNotExist", Verdict::Unknown),
    ] {
        assert_eq!(judged(kind, spec, operator), expected, "{kind} {spec} {operator}");
    }
}

#[test]
fn n19_what_a_version_that_is_not_served_would_run_is_possible() {
    let judged = |version: &str, kind: &str, spec: &str| {
        let of =
            format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: it, namespace: shop-prd}}\nspec: {spec}\n");
        into(&(street(&[], &["{podSelector: {matchLabels: {app: orders}}}"]) + &of))
    };
    let template = "{template: {spec: {containers: [{name: c}]}}}";
    let cron = format!("{{jobTemplate: {{spec: {template}}}}}");
    for (version, kind, spec, expected) in [
        ("apps/v1", "Deployment", template, Verdict::Broken),
        ("apps/v1beta1", "Deployment", template, Verdict::Unknown),
        ("apps/v1beta2", "StatefulSet", template, Verdict::Unknown),
        ("batch/v1", "CronJob", &cron, Verdict::Broken),
        ("batch/v1beta1", "CronJob", &cron, Verdict::Unknown),
    ] {
        assert_eq!(judged(version, kind, spec), expected, "{version} {kind}");
    }
}

#[test]
fn n19_what_a_controller_sets_it_sets_whatever_its_template_shows() {
    let judged = |kind: &str, key: &str| {
        let (api, kind) = kind.rsplit_once('/').unwrap();
        let selects = format!("{{podSelector: {{matchLabels: {{{key}: it-0}}}}}}");
        let of = format!(
            "{{apiVersion: {api}, kind: {kind}, metadata: {{name: it, namespace: shop-prd}}, spec: {{template: \
             {{metadata: {{labels: {{app: it, {key}: it-0}}}}, spec: {{containers: []}}}}}}}}\n"
        );
        into(&(street(&[], &["{podSelector: {matchLabels: {app: orders}}}", &selects]) + &of))
    };
    for (kind, key, expected) in [
        ("apps/v1/Deployment", "pod-template-hash", Verdict::Unknown),
        ("apps/v1/DaemonSet", "controller-revision-hash", Verdict::Unknown),
        ("apps/v1/DaemonSet", "pod-template-generation", Verdict::Unknown),
        ("apps/v1/StatefulSet", "controller-revision-hash", Verdict::Unknown),
        ("apps/v1/StatefulSet", "apps.kubernetes.io/pod-index", Verdict::Unknown),
        ("apps/v1/StatefulSet", "statefulset.kubernetes.io/pod-name", Verdict::Unknown),
        ("apps/v1/Deployment", "topology.kubernetes.io/region", Verdict::Unknown),
        ("apps/v1/ReplicaSet", "pod-template-hash", Verdict::TodayOnly),
        ("apps/v1/Deployment", "controller-revision-hash", Verdict::TodayOnly),
        ("batch/v1/Job", "job-name", Verdict::TodayOnly),
    ] {
        assert_eq!(judged(kind, key), expected, "{kind} {key}");
    }
}

#[test]
fn n19_what_a_custom_template_makes_is_possible() {
    let rollout = |spec: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {{name: r, namespace: shop-dev}}\n\
             spec: {{template: {{metadata: {{labels: {{app: job}}}}, spec: {{{spec}containers: [{{name: c}}]}}}}}}\n"
        )
    };
    let judged = |policy: &str, spec: &str| {
        verdict(&(street(&[], &[policy]) + &rollout(spec)), &Settings::default(), "dev", "prd")
    };
    let admits =
        "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: job}}}]}]}";
    assert_eq!(judged(admits, ""), Verdict::Unknown);
    assert_eq!(judged(&admits.replace("job", "other"), ""), Verdict::TodayOnly);
    assert_eq!(judged(DENY, ""), Verdict::Isolated);
    assert_eq!(judged(DENY, "hostNetwork: true, "), Verdict::Unknown);
}

#[test]
fn n17_where_the_search_for_labels_is_given_up_it_is_unknown() {
    // Every pod has or lacks p, q and r, so one of these policies selects it: nobody would get past. Which keys of the
    // other policies a pod has is tried first, and there are too many of those.
    let requirement =
        |key: &str, there: bool| format!("{{key: {key}, operator: {}}}", if there { "Exists" } else { "DoesNotExist" });
    let selecting = |of: &[String]| format!("{{podSelector: {{matchExpressions: [{}]}}}}", of.join(", "));
    let all_of_three = (0..8).map(|bits| {
        let three = [("p", 1), ("q", 2), ("r", 4)].map(|(key, bit)| requirement(key, bits & bit != 0));
        selecting(&three)
    });
    let pairs = |count: usize| {
        (0..count).map(|at| selecting(&[requirement(&format!("a{at}"), true), requirement(&format!("b{at}"), true)]))
    };
    let verdict = |count: usize| {
        let specs: Vec<String> = all_of_three.clone().chain(pairs(count)).collect();
        into_prd(&[], &specs.iter().map(String::as_str).collect::<Vec<_>>())
    };
    assert_eq!(verdict(2), Verdict::Isolated);
    assert_eq!(verdict(20), Verdict::Unknown);
}

#[test]
fn n19_what_a_controller_adds_to_labels_is_known_as_far_as_it_goes() {
    // A pod that lacks the label is open: the known ones, or one that may come, or nobody knows.
    let verdict = |kind: &str, spec: &str, key: &str, operator: &str| {
        let (api, kind) = kind.rsplit_once('/').unwrap();
        let body = match kind {
            "Pod" => spec.to_owned(),
            "CronJob" => "{jobTemplate: {spec: {template: {spec: {containers: []}}}}}".to_owned(),
            _ => "{template: {spec: {containers: []}}}".to_owned(),
        };
        let yaml = format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: web, namespace: shop-dev}}}}\n---\n\
             {{apiVersion: {api}, kind: {kind}, metadata: {{name: it, namespace: shop-prd}}, spec: {body}}}\n---\n\
             {{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: p, namespace: shop-prd}}, \
             spec: {{podSelector: {{matchExpressions: [{{key: {key}, operator: {operator}}}]}}}}}}\n"
        );
        into(&yaml)
    };
    let cases = [
        ("apps/v1/Deployment", "pod-template-hash", Verdict::TodayOnly),
        ("apps/v1/ReplicaSet", "pod-template-hash", Verdict::Unknown),
        ("apps/v1/DaemonSet", "controller-revision-hash", Verdict::TodayOnly),
        ("apps/v1/DaemonSet", "pod-template-generation", Verdict::Unknown),
        ("apps/v1/StatefulSet", "statefulset.kubernetes.io/pod-name", Verdict::TodayOnly),
        ("apps/v1/StatefulSet", "apps.kubernetes.io/pod-index", Verdict::Unknown),
        ("batch/v1/Job", "job-name", Verdict::TodayOnly),
        ("batch/v1/Job", "batch.kubernetes.io/job-completion-index", Verdict::Unknown),
        ("batch/v1/CronJob", "controller-uid", Verdict::TodayOnly),
        ("batch/v1/CronJob", "batch.kubernetes.io/job-name", Verdict::TodayOnly),
        ("v1/Pod", "pod-template-hash", Verdict::Broken),
        ("v1/Pod", "topology.kubernetes.io/zone", Verdict::Unknown),
    ];
    for (kind, key, expected) in cases {
        assert_eq!(verdict(kind, "{containers: []}", key, "Exists"), expected, "{kind} {key}");
    }
    let zone = "topology.kubernetes.io/zone";
    assert_eq!(verdict("v1/Pod", "{containers: []}", zone, "DoesNotExist"), Verdict::Unknown);
    assert_eq!(verdict("v1/Pod", "{nodeName: a, containers: []}", zone, "Exists"), Verdict::Broken);
}

#[test]
fn n17_where_the_search_for_both_ends_is_given_up_nothing_is_certain() {
    let exists = |key: &str| format!("{{key: {key}, operator: Exists}}");
    let absent = |key: &str| format!("{{key: {key}, operator: DoesNotExist}}");
    let selecting =
        |of: &[String]| format!("{{podSelector: {{matchExpressions: [{}]}}, policyTypes: [Egress]}}", of.join(", "));
    // Whoever has p is selected, after much searching; who lacks it is not.
    let mut specs: Vec<String> =
        (0..20).map(|at| selecting(&[exists(&format!("a{at}")), exists(&format!("b{at}"))])).collect();
    for q in [exists("q"), absent("q")] {
        for r in [exists("r"), absent("r")] {
            specs.push(selecting(&[exists("p"), q.clone(), r.clone()]));
        }
    }
    let dev: Vec<&str> = specs.iter().map(String::as_str).collect();
    let prd = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {p: x}}}]}]}";
    assert_eq!(into_prd(&dev, &[prd]), Verdict::Unknown);
}

#[test]
fn n18_new_pods_may_ask_to_join_networks_that_stand_in_both_namespaces() {
    let network = |namespace: &str| {
        format!(
            "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\n\
             metadata: {{name: lan, namespace: {namespace}}}\nspec: {{config: '{{}}'}}\n---\n"
        )
    };
    let judged = |of: &[&str], group: &str| {
        let networks: String = of.iter().map(|namespace| network(namespace)).collect();
        let yaml = street(&[DENY], &[DENY]) + &networks.replace("k8s.cni.cncf.io", group);
        let judgement = judge(&snapshot(&yaml), &Settings::default());
        (verdict_of(&judgement, "dev", "prd"), judgement.findings.iter().any(|told| told.rule.code == "NET011"))
    };
    let group = "k8s.cni.cncf.io";
    assert_eq!(judged(&["shop-dev", "shop-prd"], group), (Verdict::Unknown, true));
    assert_eq!(judged(&["shop-prd"], group), (Verdict::Isolated, false));
    assert_eq!(judged(&["shop-dev", "shop-prd"], "example.org"), (Verdict::Isolated, false));
}

#[test]
fn n19_what_a_pod_that_runs_shows_is_its_label_though_its_node_sets_that() {
    let judged = |node: &str| {
        let admits = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, \
                      podSelector: {matchLabels: {topology.kubernetes.io/zone: a}}}]}]}";
        let pod = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: shop-dev, labels: {{topology.kubernetes.io/zone: a}}}}\n\
             spec: {{{node}containers: []}}\n"
        );
        into(&(street(&[], &[admits]) + &pod))
    };
    assert_eq!(judged("nodeName: n1, "), Verdict::Broken);
    assert_eq!(judged(""), Verdict::Unknown);
}

/// Of pods and templates of one namespace, in order: those that are one class, by their names, and how they are kept.
fn classes_of(yaml: &str) -> Vec<Vec<Vec<String>>> {
    let snapshot = snapshot(yaml);
    let settings = Settings::default();
    let plane = Plane::compile(&snapshot, &settings);
    let named = |alike: &&[Workload]| alike.iter().map(|member| member.name.to_string()).collect();
    plane.classes.iter().map(|class| plane.members[class.members.clone()].iter().map(named).collect()).collect()
}

#[test]
fn pods_that_run_side_by_side_are_of_one_class_where_nothing_tells_them_apart() {
    let pod = |name: &str, metadata: &str, spec: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: shop-dev{metadata}}}\n\
             spec: {{{spec}, containers: [{{name: c}}]}}\n---\n"
        )
    };
    let (labels, node) = (", labels: {app: a}", "nodeName: n1");
    let first = pod("a", labels, node);
    let beside = |other: &str| classes_of(&(first.clone() + other));
    let together = vec![vec![vec!["a".to_owned(), "b".to_owned()]]];
    let apart = vec![vec![vec!["a".to_owned()]], vec![vec!["b".to_owned()]]];
    assert_eq!(beside(&pod("b", labels, node)), together);
    assert_eq!(beside(&pod("b", labels, "nodeName: n2")), together, "on another node");
    assert_eq!(beside(&pod("b", ", labels: {app: b}", node)), apart);
    assert_eq!(beside(&pod("b", labels, "nodeName: n1, hostNetwork: true")), apart);
    let networks = ", labels: {app: a}, annotations: {k8s.v1.cni.cncf.io/networks: lan}";
    assert_eq!(beside(&pod("b", networks, node)), apart);
    let ports = pod("b", labels, node).replace("name: c", "name: c, ports: [{containerPort: 80}]");
    assert_eq!(beside(&ports), [apart[1].clone(), apart[0].clone()], "what serves comes first");
    let finished = pod("b", labels, node).replace("---\n", "status: {phase: Succeeded}\n---\n");
    assert_eq!(beside(&finished), [apart[0].clone()]);
    // One that waits for its node may get labels yet, and what a template makes as well.
    let waiting = pod("b", labels, "restartPolicy: Never");
    assert_eq!(beside(&waiting), apart);
    assert_eq!(classes_of(&(pod("a", labels, "restartPolicy: Never") + &pod("b", labels, node))), apart);
    let two = pod("a", labels, "restartPolicy: Never") + &waiting;
    assert_eq!(classes_of(&two), [vec![vec!["a".to_owned()], vec!["b".to_owned()]]], "alike, by what they ask for");
}

#[test]
fn n13_what_has_ended_and_what_a_deployment_keeps_to_go_back_to_runs_no_pods() {
    let judged = |kind: &str, rest: &str| {
        let retired = format!("apiVersion: {kind}\nmetadata: {{name: old, namespace: shop-dev{rest}\n");
        let admits =
            "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: old}}}]}]}";
        into(&(street(&[], &[admits]) + &retired))
    };
    let owned = ", ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: d, uid: u, controller: true}]";
    let template = "template: {metadata: {labels: {app: old}}}";
    let set = |owner: &str, replicas: &str, status: &str| {
        judged(
            "apps/v1\nkind: ReplicaSet",
            &format!("{owner}}}\nspec: {{{replicas}, {template}}}\nstatus: {{{status}}}"),
        )
    };
    assert_eq!(set(owned, "replicas: 0", "replicas: 0"), Verdict::TodayOnly);
    assert_eq!(set(owned, "replicas: 0", "replicas: 1"), Verdict::Broken, "its last pods are there");
    assert_eq!(set(owned, "replicas: 1", "replicas: 0"), Verdict::Broken);
    assert_eq!(set(owned, "replicas: 0", "replicas: 0, terminatingReplicas: 1"), Verdict::Broken);
    assert_eq!(set("", "replicas: 0", "replicas: 0"), Verdict::Broken, "somebody may scale it");
    let job = |condition: &str| {
        judged("batch/v1\nkind: Job", &format!("}}\nspec: {{{template}}}\nstatus: {{conditions: [{condition}]}}"))
    };
    for ended in ["{type: Complete, status: 'True'}", "{type: Failed, status: 'True'}"] {
        assert_eq!(job(ended), Verdict::TodayOnly, "{ended}");
    }
    for left in ["active: 1", "terminating: 1"] {
        let condition = format!("{{type: Failed, status: 'True'}}], {left}, more: [");
        assert_eq!(job(&condition), Verdict::Broken, "{left}");
    }
    // What may come back on its node's network is not out of the way.
    let on_node = format!(
        "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {{name: old, namespace: shop-dev{owned}}}\n\
         spec: {{replicas: 0, template: {{spec: {{hostNetwork: true}}}}}}\nstatus: {{replicas: 0}}\n"
    );
    assert_eq!(into(&(street(&[DENY], &[DENY]) + &on_node)), Verdict::Broken);
    for running in ["", "{type: Complete, status: 'False'}", "{type: Suspended, status: 'True'}"] {
        assert_eq!(job(running), Verdict::Broken, "{running}");
    }
}
