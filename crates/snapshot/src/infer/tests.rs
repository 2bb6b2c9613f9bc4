//! The whole of inference, from texts to a snapshot.

use super::{Corrections, corrections, snapshot};
use crate::decode::decode;
use crate::reading::{Context, NoticeKind, Reading, Unread, UnreadCause};
use crate::snapshot::{Reach, Snapshot};
use dtap_model::environment::{Belonging, ClusterId, EnvironmentId};
use dtap_model::object::GroupKind;
use dtap_model::place::{Origin, Source};

mod own;

/// A reading of these texts: a path that ends in `/` is a rendered root.
fn reading(texts: &[(&str, &str)]) -> Reading {
    let mut reading = Reading::default();
    for (path, text) in texts {
        let context = Context {
            path: path.trim_end_matches('/').to_owned(),
            rendered: path.ends_with('/'),
            ..Context::default()
        };
        let source = Source { name: context.path.clone(), origin: Origin::File, text: (*text).to_owned() };
        let id = reading.sources.add(source);
        let decoded = decode(id, path, text, &context);
        assert!(decoded.unread.is_empty(), "{:?}", decoded.unread);
        reading.objects.extend(decoded.objects);
        reading.pods.extend(decoded.pods);
    }
    reading
}

fn scan(texts: &[(&str, &str)]) -> Snapshot {
    snapshot(reading(texts), &Corrections::default())
}

fn namespace(name: &str, labels: &str) -> String {
    format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n---\n")
}

fn config(name: &str, namespace: &str, value: &str) -> String {
    let namespace = if namespace.is_empty() { String::new() } else { format!(", namespace: {namespace}") };
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}{namespace}}}\ndata: {{value: {value}}}\n---\n")
}

fn policy(name: &str, namespace: &str, selector: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {namespace}}}\n\
         spec: {{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {selector}}}]}}]}}\n---\n"
    )
}

/// Every environment as `street/stage`, production marked, in order.
fn environments(snapshot: &Snapshot) -> Vec<String> {
    (0..snapshot.environments.len())
        .map(|index| {
            let id = EnvironmentId(u32::try_from(index).unwrap());
            let mark = if snapshot.environment(id).unwrap().production { "!" } else { "" };
            format!("{}{mark}", snapshot.environment_name(id))
        })
        .collect()
}

/// Every namespace as `cluster:name=belonging`, in order.
fn namespaces(snapshot: &Snapshot) -> Vec<String> {
    let belonging = |belonging| match belonging {
        Belonging::Environment(id) => snapshot.environment_name(id),
        other => format!("{other:?}"),
    };
    snapshot
        .namespaces
        .iter()
        .map(|namespace| {
            let cluster = &snapshot.cluster(namespace.cluster).unwrap().name;
            format!("{cluster}:{}={}", namespace.name, belonging(namespace.belonging))
        })
        .collect()
}

#[test]
fn a_label_of_the_namespace_comes_before_its_name_and_the_contradiction_is_noticed() {
    let text = namespace("shop-preprod", "environment: development") + &namespace("shop-prd", "env: Production");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(environments(&snapshot), ["shop/development", "shop/prd!"]);
    let kinds: Vec<&NoticeKind> = snapshot.notices.iter().map(|notice| &notice.kind).collect();
    let expected = NoticeKind::Contradiction {
        subject: "shop-preprod".to_owned(),
        taken: "label `environment` says development".to_owned(),
        other: "the name says preprod".to_owned(),
    };
    assert_eq!(kinds, [&expected]);
    let place = snapshot.notices[0].places[0];
    let source = snapshot.sources.get(place.source).unwrap();
    assert_eq!(&source.text[place.span.start as usize..place.span.end as usize], "development");
}

#[test]
fn a_stage_that_only_the_input_knows_is_production_where_the_namespace_says_so() {
    let text = namespace("a-archive", "environment-name: archive, is-production: \"true\"")
        + &namespace("b-archive", "environment-name: archive, is-production: \"false\"")
        + &namespace("a-prod", "environment-name: prod, is-production: \"false\"");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(environments(&snapshot), ["a/prod!", "a-archive/archive!", "b-archive/archive"]);
}

#[test]
fn spellings_of_one_stage_are_one_environment_and_the_fold_is_recorded() {
    let text = namespace("shop-dev", "environment: development")
        + &namespace("web-development", "")
        + &namespace("shop-uat", "")
        + &namespace("shop-staging", "")
        + &namespace("shop-acc", "");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(environments(&snapshot), ["shop/dev", "shop/uat", "shop/acc", "shop/staging", "web/dev"]);
    let folds: Vec<(u32, Vec<String>)> = snapshot.folds.iter().map(|(id, spelt)| (id.0, spelt.clone())).collect();
    assert_eq!(folds, [(0, vec!["development".to_owned()]), (4, vec!["development".to_owned()])]);
}

#[test]
fn the_stage_is_shown_as_the_input_spells_it() {
    let snapshot = scan(&[("a.yaml", &(namespace("a-prd", "") + &namespace("a-tst", "") + &namespace("b-prd", "")))]);
    assert_eq!(environments(&snapshot), ["a/tst", "a/prd!", "b/prd!"]);
    assert!(snapshot.folds.is_empty());
}

#[test]
fn what_names_no_namespace_stands_in_one_of_its_own_in_each_environment() {
    let snapshot = scan(&[
        ("shop/deploy/dev/web.yaml", &config("web", "", "a")),
        ("shop/deploy/prd/web.yaml", &config("web", "", "b")),
    ]);
    assert_eq!(namespaces(&snapshot), ["cluster:(none)=shop/dev", "cluster:(none)=shop/prd"]);
    for namespace in &snapshot.namespaces {
        assert!(!namespace.declared && namespace.labels.is_empty());
    }
    assert_ne!(snapshot.namespaces[0].whole, snapshot.namespaces[1].whole);
}

#[test]
fn what_names_no_namespace_is_of_the_street_of_the_namespaces_beside_it() {
    let snapshot = scan(&[
        ("src/web/overlays/dev/", &config("web", "", "a")),
        ("src/web/overlays/prd/", &config("web", "bank-prd", "a")),
        ("src/db/overlays/dev/", &config("db", "", "a")),
        ("src/db/overlays/prd/", &config("db", "bank-prd", "a")),
    ]);
    assert_eq!(environments(&snapshot), ["bank/dev", "bank/prd!"]);
    assert_eq!(snapshot.namespaces.len(), 2);
}

#[test]
fn a_folder_of_one_stage_among_those_of_one_street_is_of_it() {
    let snapshot = scan(&[
        ("src/web/overlays/dev/", &config("web", "bank-dev", "a")),
        ("src/web/overlays/prd/", &config("web", "bank-prd", "a")),
        ("src/db/overlays/prd/", &config("db", "bank-prd", "a")),
        ("src/load/overlays/dev/", &config("load", "", "a")),
    ]);
    assert_eq!(environments(&snapshot), ["bank/dev", "bank/prd!"]);
}

#[test]
fn a_root_that_did_not_render_is_its_environment_all_the_same() {
    let root = |path: &str| {
        let unread = broken(path, None);
        let context = Context { rendered: true, ..unread.context.clone() };
        Unread { cause: UnreadCause::Kustomize, context, ..unread }
    };
    let unread = vec![root("wastd/overlays/uat"), root("wastd/overlays/prd")];
    let snapshot = snapshot(Reading { unread, ..Reading::default() }, &Corrections::default());
    assert_eq!(environments(&snapshot), ["wastd/uat", "wastd/prd!"]);
    let reaches: Vec<Reach> = snapshot.gaps.iter().map(|gap| gap.reach).collect();
    assert_eq!(reaches, [Reach::Environment(EnvironmentId(0)), Reach::Environment(EnvironmentId(1))]);
}

fn application(path: &str, destination: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: a, namespace: argocd}}\n\
         spec: {{source: {{path: {path}}}, destination: {{{destination}}}}}\n---\n"
    )
}

#[test]
fn applications_say_the_namespace_and_the_cluster_of_the_folders_they_name() {
    let with = |applications: &str| {
        let scanned = scan(&[
            ("r/apps.yaml", applications),
            ("r/shop/one/a.yaml", &config("x", "", "1")),
            ("r/shop/two/a.yaml", &config("x", "", "2")),
        ]);
        (namespaces(&scanned), scanned.clusters.len())
    };
    let dev = application("shop/one", "name: east, namespace: shop-dev");
    let (found, _) = with(&(dev.clone() + &application("shop/two", "name: west, namespace: shop-prd")));
    assert_eq!(found, ["east:shop-dev=shop/dev", "west:shop-prd=shop/prd", "not said:argocd=Shared"]);
    let (found, clusters) = with(&(dev.clone() + &application("shop/two", "server: 'https://a', namespace: shop-prd")));
    assert_eq!((found.len(), clusters), (3, 1), "a name and an address may be one cluster");
    let (found, _) = with(&(dev.clone() + &application("shop/one", "name: east, namespace: shop-prd")));
    assert_eq!(found, ["cluster:(none)=Unplaced", "cluster:argocd=Shared"], "where they disagree nothing is said");
    let set = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: a, namespace: argocd}\nspec:\n  \
               generators: [{list: {elements: [{env: dev, at: one}, {env: prd, at: two}]}}]\n  template: {spec: {source: \
               {path: 'shop/{{at}}'}, destination: {name: '{{.env}}-east', namespace: 'shop-{{ env }}'}}}\n";
    let (found, _) = with(set);
    assert_eq!(found, ["dev-east:shop-dev=shop/dev", "prd-east:shop-prd=shop/prd", "not said:argocd=Shared"]);
    let flux = |path: &str, namespace: &str| {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: a, namespace: flux-system}}\n\
             spec: {{path: ./{path}, targetNamespace: {namespace}}}\n---\n"
        )
    };
    let (found, _) = with(&(flux("shop/one", "shop-acc") + &flux("shop/two/", "shop-prd")));
    assert_eq!(found, ["cluster:flux-system=Shared", "cluster:shop-acc=shop/acc", "cluster:shop-prd=shop/prd"]);
}

#[test]
fn one_cluster_unless_the_input_says_otherwise() {
    let snapshot = scan(&[("dev/a.yaml", &config("web", "web", "a")), ("prd/a.yaml", &config("api", "web", "b"))]);
    assert_eq!(namespaces(&snapshot), ["cluster:web=web/dev", "cluster:web=web/prd"]);
    assert_eq!(snapshot.namespaces[1].whole, snapshot.namespaces[0].whole, "one namespace to Kubernetes");
    let stray = scan(&[
        ("dev/a.yaml", &(namespace("a-dev", "") + &config("web", "a-prd", "a"))),
        ("prd/a.yaml", &(namespace("a-prd", "") + &config("web", "a-prd", "b"))),
    ]);
    assert_eq!(stray.clusters.len(), 1, "a stray object in a namespace that says its stage is no second cluster");
    let system =
        scan(&[("dev/a.yaml", &config("x", "monitoring", "a")), ("prd/a.yaml", &config("x", "monitoring", "b"))]);
    assert_eq!(system.clusters.len(), 1, "nor is one in a namespace that serves all");
}

/// What is open beyond one cluster or in namespaces that may be one, by the names of what it reaches.
fn undecided(snapshot: &Snapshot) -> Vec<String> {
    let name = |reach| match reach {
        Reach::Namespace(id) => {
            let namespace = snapshot.namespace(id).unwrap();
            format!("{}:{}", snapshot.cluster(namespace.cluster).unwrap().name, namespace.name)
        }
        Reach::Beyond(id) => snapshot.cluster(id).unwrap().name.clone(),
        other => format!("{other:?}"),
    };
    snapshot.gaps.iter().map(|gap| name(gap.reach)).collect()
}

#[test]
fn stages_that_hold_the_same_with_other_content_are_two_clusters() {
    let snapshot = scan(&[
        ("c/web/development/", &config("web", "web", "a")),
        ("c/web/production/one/", &config("web", "web", "b")),
        ("c/web/production/two/", &config("web", "web", "c")),
    ]);
    assert_eq!(namespaces(&snapshot), ["dev:web=web/development", "prod:web=web/production"]);
    assert!(snapshot.clusters[0].evidence.starts_with("ConfigMap web/web differs"), "{:?}", snapshot.clusters);
    assert!(snapshot.gaps.is_empty() && snapshot.clusters.iter().all(|cluster| cluster.certain));
}

#[test]
fn what_no_conflict_sets_apart_may_stand_on_any_cluster() {
    let conflict = [("c/web/dev/", config("web", "web", "a")), ("c/web/prod/", config("web", "web", "b"))];
    let with = |more: &[(&str, String)]| {
        let all: Vec<(&str, &str)> = conflict.iter().chain(more).map(|(path, text)| (*path, text.as_str())).collect();
        scan(&all)
    };
    let alike = with(&[("c/db/dev/", config("db", "db", "a")), ("c/db/prod/", config("db", "db", "a"))]);
    assert_eq!(
        namespaces(&alike),
        ["dev:web=web/dev", "prod:web=web/prod", "not said:db=db/dev", "not said:db=db/prod"]
    );
    assert_eq!(undecided(&alike), ["not said"]);
    let third = with(&[("c/web/staging/", config("web", "web", "b"))]);
    assert_eq!(undecided(&third).last().map(String::as_str), Some("not said"), "staging may be production's");
    let common = with(&[("c/web/base/", policy("p", "web", "{}"))]);
    assert_eq!(undecided(&common), ["dev:web", "prod:web", "not said:web", "not said"]);
    let told = with(&[("c/web/dev/more/", config("web", "web-dev", "a"))]);
    assert_eq!(told.clusters.len(), 1, "a street that tells its stages apart by namespaces");
    let one = with(&[
        ("c/web/dev/a/", config("b", "web", "a") + &config("c", "web", "a")),
        ("c/web/prod/a/", config("d", "web", "a") + &config("e", "web", "a")),
    ]);
    assert_eq!(one.clusters.len(), 1, "one document in common is a mistake");
}

#[test]
fn folders_named_for_clusters_are_clusters() {
    let snapshot = scan(&[
        ("namespaces/live.k.example.org/a-dev/n.yaml", &namespace("a-dev", "")),
        ("namespaces/live-2.k.example.org/b-prod/n.yaml", &namespace("b-prod", "")),
        ("apply/rendered/dev.yaml", &config("x", "a-dev", "a")),
    ]);
    assert_eq!(namespaces(&snapshot), ["live-2.k.example.org:b-prod=b/prod", "live.k.example.org:a-dev=a/dev"]);
}

#[test]
fn dumps_with_different_kube_systems_are_two_clusters() {
    let system =
        |uid: &str| format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: kube-system, uid: \"{uid}\"}}\n---\n");
    let one = scan(&[
        ("a.yaml", &(system("1") + &namespace("shop-dev", ""))),
        ("b.yaml", &(system("1") + &namespace("shop-prd", ""))),
    ]);
    assert_eq!(one.clusters.len(), 1);
    let two = scan(&[
        ("a.yaml", &(system("1") + &namespace("shop-dev", ""))),
        ("b.yaml", &(system("2") + &namespace("shop-prd", ""))),
    ]);
    assert_eq!(
        namespaces(&two),
        ["a:kube-system=Shared", "a:shop-dev=shop/dev", "b:kube-system=Shared", "b:shop-prd=shop/prd"]
    );
}

#[test]
fn labels_tell_environments_apart_inside_one_namespace() {
    let workload = |name: &str, env: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: shared-ns, labels: {{env: {env}}}}}\n\
             spec: {{containers: []}}\n---\n"
        )
    };
    let text = workload("a", "dev") + &workload("b", "tst") + &policy("deny", "shared-ns", "{}");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(
        namespaces(&snapshot),
        ["cluster:shared-ns=shared-ns/dev", "cluster:shared-ns=shared-ns/tst", "cluster:shared-ns=Unplaced"]
    );
    assert!(snapshot.namespaces.iter().all(|namespace| namespace.whole.0 == 0));
}

#[test]
fn what_policies_speak_of_is_elsewhere_or_shared() {
    let text = namespace("a-dev", "")
        + &namespace("a-prd", "")
        + &namespace("proxies", "role: proxy")
        + &namespace("lonely", "")
        + &policy("p", "a-dev", "{matchLabels: {role: proxy}}")
        + &policy("p", "a-prd", "{matchLabels: {role: proxy}}")
        + &policy("q", "a-prd", "{matchLabels: {component: ingress}}")
        + &policy("r", "a-prd", "{matchLabels: {kubernetes.io/metadata.name: lost}}")
        + &policy("s", "a-prd", "{}")
        + &policy("t", "a-prd", "{matchLabels: {example.org/namespace: lonely}}");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(
        namespaces(&snapshot),
        [
            "cluster:a-dev=a/dev",
            "cluster:a-prd=a/prd",
            "cluster:component=ingress=Elsewhere",
            "cluster:example.org/namespace=lonely=Elsewhere",
            "cluster:lonely=Unplaced",
            "cluster:lost=Elsewhere",
            "cluster:proxies=Shared",
        ]
    );
}

#[test]
fn the_name_of_a_namespace_is_a_label_whatever_the_manifest_says() {
    let snapshot = scan(&[("a.yaml", &namespace("a-dev", "kubernetes.io/metadata.name: b, z: a"))]);
    let labels = &snapshot.namespaces[0].labels;
    let expected = [("kubernetes.io/metadata.name", "a-dev"), ("z", "a")];
    assert_eq!(labels.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>(), expected);
}

#[test]
fn documents_that_say_the_same_are_one_and_others_are_alternatives() {
    let text = config("x", "a-dev", "1") + &config("x", "a-dev", "1") + &config("x", "a-dev", "2");
    assert_eq!(scan(&[("a.yaml", &text)]).objects.len(), 2);
}

#[test]
fn cluster_scoped_objects_stand_in_no_namespace_and_in_the_environment_of_their_folder() {
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: []\n---\n";
    let dev = config("x", "", "1") + role;
    let snapshot = scan(&[("shop/dev/a.yaml", &dev), ("shop/prd/a.yaml", &dev)]);
    let roles: Vec<Option<u32>> = snapshot
        .objects
        .iter()
        .filter(|placed| placed.namespace.is_none())
        .map(|placed| placed.environment.map(|id| id.0))
        .collect();
    assert_eq!(roles, [Some(0), Some(1)]);
}

#[test]
fn corrections_come_before_everything() {
    let text = namespace("blue", "environment: dev") + &namespace("green", "") + &namespace("red", "");
    let parse = |text: &str| vec![corrections::parse(text).unwrap()];
    let corrections = Corrections {
        environments: [parse("prd=namespace:blue"), parse("tst=label:kubernetes.io/x=z"), parse("acc=path:a.yaml")]
            .concat(),
        streets: parse("shop=namespace:*e*"),
        clusters: parse("second=namespace:red"),
    };
    let snapshot = snapshot(reading(&[("a.yaml", &text)]), &corrections);
    assert_eq!(namespaces(&snapshot), ["second:red=shop/acc", "not said:blue=shop/prd", "not said:green=shop/acc"]);
    assert_eq!(snapshot.clusters[0].evidence, "--cluster second=namespace:red");
}

fn broken(path: &str, namespace: Option<&str>) -> Unread {
    Unread {
        name: path.to_owned(),
        why: "is no YAML".to_owned(),
        hint: None,
        place: None,
        cause: UnreadCause::Syntax,
        context: Context { path: path.to_owned(), ..Context::default() },
        namespace: namespace.map(str::to_owned),
        object: None,
    }
}

/// What a broken file leaves open, by the names of what it reaches.
fn open(texts: &[(&str, &str)], unread: Unread) -> Vec<String> {
    let mut reading = reading(texts);
    reading.unread.push(unread);
    let snapshot = snapshot(reading, &Corrections::default());
    let name = |reach| match reach {
        Reach::Namespace(id) => format!("namespace {}", snapshot.namespace(id).unwrap().name),
        Reach::Environment(id) => snapshot.environment_name(id),
        Reach::Cluster(id) => snapshot.cluster(id).unwrap().name.clone(),
        Reach::Beyond(id) => format!("beyond {}", snapshot.cluster(id).unwrap().name),
        Reach::Everything => "everything".to_owned(),
    };
    snapshot.gaps.iter().map(|gap| name(gap.reach)).collect()
}

#[test]
fn a_gap_reaches_no_further_than_it_must() {
    let (dev, prd, sole) = (config("x", "", "1"), config("x", "", "2"), config("x", "shop-acc", "1"));
    let texts = [
        ("r/shop/dev/a.yaml", dev.as_str()),
        ("r/shop/prd/a.yaml", &prd),
        ("r/acc/shop-acc/a.yaml", &sole),
        ("r/other/a.yaml", &dev),
    ];
    assert_eq!(open(&texts, broken("r/shop/prd/b.yaml", None)), ["shop/prd"]);
    assert_eq!(open(&texts, broken("r/shop/b.yaml", None)), ["everything"], "no folder says its environment");
    let chart = Unread { cause: UnreadCause::Chart, ..broken("r/shop/chart", None) };
    assert_eq!(open(&texts, chart), ["shop/dev", "shop/prd"], "those that it may be installed into");
    assert_eq!(open(&texts, broken("r/acc/shop-acc/b.yaml", None)), ["shop/acc"]);
    assert_eq!(open(&texts, broken("r/other/b.yaml", None)), ["namespace (none)"]);
    let of_cluster = |kind: &str| Unread {
        object: Some(GroupKind::new("policy.networking.k8s.io", kind)),
        ..broken("r/shop/prd/b.yaml", None)
    };
    assert_eq!(open(&texts, of_cluster("ClusterNetworkPolicy")), ["everything"], "it selects what stands anywhere");
    assert_eq!(open(&texts, of_cluster("SomeNetworkPolicy")), ["everything"], "it may be of the whole cluster");
    assert_eq!(open(&texts, broken("r/b.yaml", None)), ["everything"]);
    assert_eq!(open(&texts, broken("elsewhere/b.yaml", None)), ["everything"]);
    assert_eq!(open(&texts, broken("r/b.yaml", Some("shop-acc"))), ["namespace shop-acc"]);
    assert_eq!(open(&texts, broken("r/b.yaml", Some("new"))), ["namespace new"]);
    assert_eq!(
        open(&texts, broken("r/shop/uat/b.yaml", None)),
        ["shop/uat"],
        "an environment of which nothing was read"
    );
}

#[test]
fn two_declarations_with_different_labels_leave_the_namespace_open() {
    let text = namespace("a-dev", "team: one") + &namespace("a-dev", "team: two") + &namespace("b-dev", "");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(
        snapshot.gaps.iter().map(|gap| gap.reach).collect::<Vec<_>>(),
        [Reach::Namespace(snapshot.namespaces[0].whole)]
    );
}

#[test]
fn the_order_of_documents_and_files_changes_nothing() {
    let texts = [
        ("s/dev/a.yaml", namespace("s-dev", "env: dev") + &config("a", "s-dev", "1") + &config("b", "", "1")),
        (
            "s/prd/a.yaml",
            namespace("s-prd", "") + &config("a", "s-prd", "1") + &policy("p", "s-prd", "{matchLabels: {a: b}}"),
        ),
        ("s/x.yaml", config("c", "lonely", "1") + &config("a", "s-dev", "2") + &namespace("monitoring", "")),
        ("s/y.yaml", namespace("lonely", "env: tst") + &namespace("lonely", "env: acc")),
        ("t/dev/a.yaml", config("a", "t", "1") + &config("b", "t", "1")),
        ("t/prd/a.yaml", config("a", "t", "2") + &config("b", "t", "2")),
        ("u/dev/a.yaml", config("a", "u", "1") + &config("b", "u", "1")),
        ("u/prd/a.yaml", config("a", "u", "2") + &config("b", "u", "2")),
    ];
    let view = |snapshot: &Snapshot| {
        let objects: Vec<_> = snapshot
            .objects
            .iter()
            .map(|placed| (placed.object.identity.clone(), placed.namespace, placed.environment))
            .collect();
        (namespaces(snapshot), environments(snapshot), snapshot.clusters.clone(), snapshot.folds.clone(), objects)
    };
    let forward: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let reversed: Vec<(&str, String)> = texts
        .iter()
        .rev()
        .map(|(path, text)| {
            let mut documents: Vec<&str> = text.split("---\n").filter(|document| !document.is_empty()).collect();
            documents.reverse();
            (*path, documents.join("---\n"))
        })
        .collect();
    let backward: Vec<(&str, &str)> = reversed.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert_eq!(scan(&forward).clusters.len(), 3, "two that are certain and one that is not");
    assert_eq!(view(&scan(&forward)), view(&scan(&backward)));
}

#[test]
fn nothing_found_is_a_snapshot_with_what_was_looked_at() {
    let text = namespace("shop-blue", "") + &namespace("web-blue", "") + &namespace("shop-green", "");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert!(snapshot.environments.is_empty());
    assert_eq!(snapshot.candidates[0].selector, "namespace:*-blue");
    assert_eq!(snapshot.candidates[0].count, 2);
    assert_eq!(scan(&[]).clusters.len(), 1);
}

#[test]
fn a_policy_without_a_namespace_may_stand_in_any_of_its_cluster() {
    let closed = policy("closed", "shop-dev", "{}") + &policy("closed", "shop-prd", "{}");
    for namespace in ["''", "~"] {
        let snapshot = scan(&[("a.yaml", &(closed.clone() + &policy("open", namespace, "{}")))]);
        let reaches: Vec<Reach> = snapshot.gaps.iter().map(|gap| gap.reach).collect();
        assert_eq!(reaches, [Reach::Cluster(ClusterId(0))], "{namespace}");
        assert!(
            matches!(&snapshot.notices[0].kind, NoticeKind::PolicyAdrift { policy } if policy == "NetworkPolicy open")
        );
    }
    let placed = scan(&[("a.yaml", &closed), ("prd/b.yaml", &policy("open", "''", "{}"))]);
    assert!(placed.gaps.is_empty(), "what stands in a folder of an environment is of it");
}

#[test]
fn folders_named_for_clusters_are_a_hint_that_the_input_overrules() {
    let stage = |stage: &str| namespace(&format!("shop-{stage}"), "") + &config("a", &format!("shop-{stage}"), "x");
    let kube_system =
        |uid: &str| format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: kube-system, uid: {uid}}}\n---\n");
    let set = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: a, namespace: argocd}\n\
               spec: {generators: [{git: {directories: [{path: 'clusters/*'}]}}], template: {spec: {destination: \
               {server: https://kubernetes.default.svc}, source: {path: '{{path}}'}}}}\n";
    let clusters = |more: &[(&str, &str)], uids: [&str; 2]| {
        let (dev, prd) = (stage("dev") + uids[0], stage("prd") + uids[1]);
        let mut texts = vec![("clusters/dev/a.yaml", dev.as_str()), ("clusters/prd/a.yaml", prd.as_str())];
        texts.extend(more);
        let found: Vec<(String, bool)> =
            scan(&texts).clusters.into_iter().map(|cluster| (cluster.name, cluster.guessed)).collect();
        found
    };
    let one = [("cluster".to_owned(), false)];
    assert_eq!(clusters(&[], ["", ""]), [("dev".to_owned(), true), ("prd".to_owned(), true)]);
    assert_eq!(clusters(&[("set.yaml", set)], ["", ""]), one);
    assert_eq!(clusters(&[], [&kube_system("u1"), &kube_system("u1")]), one);
    assert_eq!(clusters(&[], [&kube_system("dev"), &kube_system("prd")]).len(), 2);
}

#[test]
fn a_stage_within_a_name_counts_beside_a_sibling_of_another_stage() {
    let names = |names: &[&str]| {
        let text: String = names.iter().map(|name| namespace(name, "")).collect();
        namespaces(&scan(&[("all.yaml", &text)]))
    };
    assert_eq!(
        names(&["shop-dev-eu", "shop-prod-eu", "shop-prod-us"]),
        ["cluster:shop-dev-eu=shop-eu/dev", "cluster:shop-prod-eu=shop-eu/prod", "cluster:shop-prod-us=shop-us/prod"]
    );
    assert_eq!(names(&["shop-dev", "shop-prod-us"])[1], "cluster:shop-prod-us=shop-us/prod");
    // Of one stage alone, of another stem, or of none, it says nothing.
    assert_eq!(names(&["shop-prod", "shop-prod-us"])[1], "cluster:shop-prod-us=Unplaced");
    assert_eq!(names(&["bank-dev", "shop-prod-us"])[1], "cluster:shop-prod-us=Unplaced");
    assert_eq!(names(&["dev-portal", "prod-shop"]), ["cluster:dev-portal=Unplaced", "cluster:prod-shop=Unplaced"]);
}

#[test]
fn siblings_of_a_street_that_say_no_stage_are_unplaced() {
    for name in ["pr-123", "feature-login", "review-7", "ci", "hotfix", "canary", "dr", "beta", "blue"] {
        let text: String = ["shop-dev", "shop-prod", &format!("shop-{name}")].map(|name| namespace(name, "")).concat();
        let snapshot = scan(&[("all.yaml", &text)]);
        assert_eq!(environments(&snapshot), ["shop/dev", "shop/prod!"], "{name}");
        assert!(namespaces(&snapshot).contains(&format!("cluster:shop-{name}=Unplaced")), "{name}");
    }
}

#[test]
fn what_the_user_calls_shared_serves_all() {
    let text = namespace("shop-dev", "") + &namespace("shop-prd", "") + &namespace("shop-tools", "environment: dev");
    let environments = vec![corrections::parse("shared=namespace:shop-tools").unwrap()];
    let snapshot = snapshot(reading(&[("all.yaml", &text)]), &Corrections { environments, ..Corrections::default() });
    assert_eq!(namespaces(&snapshot)[2], "cluster:shop-tools=Shared");
}

/// What is said to contradict one another, as `taken / other`.
fn contradictions(snapshot: &Snapshot) -> Vec<String> {
    let told = snapshot.notices.iter().filter_map(|notice| match &notice.kind {
        NoticeKind::Contradiction { taken, other, .. } => Some(format!("{taken} / {other}")),
        _ => None,
    });
    told.collect()
}

#[test]
fn labels_that_contradict_one_another_are_noticed_and_the_most_telling_is_taken() {
    let of = |labels: &str| {
        let text = namespace("shop-dev", labels) + &namespace("shop-acc", "");
        let snapshot = scan(&[("all.yaml", &text)]);
        (environments(&snapshot)[0].clone(), contradictions(&snapshot))
    };
    let (taken, said) = of("env: prd, environment: dev");
    assert_eq!(taken, "shop/dev");
    assert_eq!(said, ["label `environment` says dev / label `env` says prd"]);
    let (taken, said) = of("stage: prd, env: tst");
    assert_eq!(taken, "shop/tst");
    assert_eq!(said, ["label `env` says tst / label `stage` says prd", "label `env` says tst / the name says dev"]);
    // What says the same in other words, or nothing that is surely a stage, contradicts nothing.
    assert_eq!(of("env: development, environment: dev, tier: frontend").1, [""; 0]);
    assert_eq!(of("environment: dev, env: eu-west-1, is-production: 'true'").1, [""; 0]);
}

#[test]
fn a_key_counts_however_it_is_capitalised() {
    let text = namespace("one", "Environment: PROD") + &namespace("two", "Environment: DEV");
    assert_eq!(environments(&scan(&[("all.yaml", &text)])), ["one/prod!", "two/dev"]);
}

#[test]
fn a_correction_that_changes_nothing_is_noticed() {
    let text = namespace("shop-dev", "") + &namespace("shop-prd", "");
    let correction = |text: &str| corrections::parse(text).unwrap();
    let corrections = Corrections {
        environments: vec![
            correction("x=namespace:shop-dev"),
            correction("y=namespace:shop-dev"),
            correction("prd=namespace:nosuch"),
        ],
        streets: vec![correction("bank=namespace:shop-*"), correction("club=path:elsewhere")],
        clusters: vec![correction("a=namespace:shop-*"), correction("b=namespace:nosuch")],
    };
    let snapshot = snapshot(reading(&[("all.yaml", &text)]), &corrections);
    let idle: Vec<String> = snapshot
        .notices
        .iter()
        .filter_map(|notice| match &notice.kind {
            NoticeKind::OptionWithoutEffect { option, why } => Some(format!("{option}: {why}")),
            _ => None,
        })
        .collect();
    let nothing = "it selects nothing that it could decide";
    assert_eq!(
        idle,
        [
            "--environment y=namespace:shop-dev: an earlier one takes all that it selects".to_owned(),
            format!("--environment prd=namespace:nosuch: {nothing}"),
            format!("--street club=path:elsewhere: {nothing}"),
            format!("--cluster b=namespace:nosuch: {nothing}"),
        ]
    );
}

#[test]
fn a_policy_that_names_the_second_document_of_a_namespace_or_nobody_speaks_of_none_elsewhere() {
    let text = namespace("shop-dev", "environment: dev")
        + &namespace("shop-dev", "environment: dev, team: x")
        + &namespace("shop-prd", "environment: prd")
        + &policy("p", "shop-prd", "{matchLabels: {team: x}}")
        + &policy("q", "shop-prd", "{matchLabels: {kubernetes.io/metadata.name: ''}}");
    let found = namespaces(&scan(&[("all.yaml", &text)]));
    assert_eq!(found, ["cluster:shop-dev=shop/dev", "cluster:shop-prd=shop/prd"]);
}

/// What hidden things leave open, each with the names of the namespaces or clusters reached.
fn hidden(text: &str) -> Vec<String> {
    hidden_in("all.yaml", text)
}

fn hidden_in(path: &str, text: &str) -> Vec<String> {
    let spaces = namespace("shop-dev", "") + &namespace("shop-prd", "");
    told(&scan(&[(path, &(spaces + text))]))
}

fn told(snapshot: &Snapshot) -> Vec<String> {
    let reached = |reach| match reach {
        Reach::Namespace(id) => snapshot.namespace(id).unwrap().name.clone(),
        Reach::Cluster(id) => snapshot.cluster(id).unwrap().name.clone(),
        other => format!("{other:?}"),
    };
    snapshot.hidden.iter().map(|gap| format!("{}: {}", gap.what, reached(gap.reach))).collect()
}

#[test]
fn what_holds_a_policy_leaves_its_namespace_open() {
    let policy = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop-prd}}";
    let of = |api: &str, rest: &str| {
        hidden(&format!("apiVersion: {api}\nmetadata: {{name: x, namespace: shop-dev}}\n{rest}"))
    };
    let holds = "holds a NetworkPolicy that something else may apply";
    assert_eq!(
        of("template.openshift.io/v1\nkind: Template", &format!("objects: [{policy}]")),
        [format!("Template x {holds}: shop-prd")]
    );
    let nameless = policy.replace(", namespace: shop-prd", "");
    assert_eq!(
        of(
            "work.open-cluster-management.io/v1\nkind: ManifestWork",
            &format!("spec: {{workload: {{manifests: [{nameless}]}}}}")
        ),
        [format!("ManifestWork x {holds}: shop-dev")]
    );
    assert_eq!(
        of("v1\nkind: ConfigMap", &format!("data: {{p.yaml: \"{policy}\"}}")),
        [format!("ConfigMap x {holds}: shop-prd")]
    );
    // What is not a policy, or stands where nothing is applied from, says nothing.
    assert_eq!(of("v1\nkind: ConfigMap", "data: {note: 'no NetworkPolicy here'}"), [""; 0]);
    assert_eq!(of("example.com/v1\nkind: Thing", &format!("status: {{seen: {policy}}}")), [""; 0]);
}

#[test]
fn what_may_run_pods_on_their_nodes_network_leaves_its_namespace_open() {
    let of = |api: &str, rest: &str| {
        hidden(&format!("apiVersion: {api}\nmetadata: {{name: x, namespace: shop-dev}}\nspec: {rest}"))
    };
    let prometheus = "monitoring.coreos.com/v1\nkind: Prometheus";
    let open = ["Prometheus x may run pods on the network of their nodes: shop-dev"];
    assert_eq!(of(prometheus, "{hostNetwork: true}"), open);
    assert_eq!(of(prometheus, "{containers: [{template: {hostNetwork: true}}]}"), open);
    assert_eq!(of(prometheus, "{hostNetwork: false, hostNetworks: true}"), [""; 0]);
    // Of these the pods themselves are read.
    let template = "{template: {spec: {hostNetwork: true, containers: [{name: x}]}}}";
    assert_eq!(of("apps/v1\nkind: Deployment", template), [""; 0]);
    assert_eq!(of("example.com/v1\nkind: Engine", template), [""; 0]);
}

#[test]
fn what_generates_policies_leaves_everything_open_that_it_may_reach() {
    let rule = |acts: &str| {
        format!(
            "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {{name: x}}\nspec: {{rules: [{{name: r, {acts}}}]}}\n"
        )
    };
    let changes = "ClusterPolicy x generates or changes NetworkPolicies: cluster";
    assert_eq!(hidden(&rule("generate: {kind: NetworkPolicy, name: open}")), [changes]);
    assert_eq!(hidden(&rule("validate: {message: needs a NetworkPolicy}")), [""; 0]);
    assert_eq!(hidden(&rule("generate: {kind: ConfigMap, name: open}")), [""; 0]);
}

#[test]
fn a_helm_release_is_a_hint_to_its_namespace_and_leaves_it_open() {
    let release = |target: &str| {
        format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: shop{target}, namespace: flux-system}}\n\
             spec: {{targetNamespace: bank{target}, chart: {{spec: {{chart: bank}}}}}}\n---\n"
        )
    };
    let snapshot = scan(&[("all.yaml", &(release("-dev") + &release("-prd")))]);
    assert_eq!(environments(&snapshot), ["bank/dev", "bank/prd!"]);
    let found = namespaces(&snapshot);
    assert_eq!(found, ["cluster:bank-dev=bank/dev", "cluster:bank-prd=bank/prd", "cluster:flux-system=Shared"]);
    let reaches: Vec<Reach> = snapshot.hidden.iter().map(|gap| gap.reach).collect();
    let id = |at| Reach::Namespace(dtap_model::environment::NamespaceId(at));
    assert_eq!(reaches, [id(0), id(1)]);
    let own = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: shop-prd}\nspec: {}\n";
    assert_eq!(hidden(own), ["HelmRelease web installs what is not in the input: shop-prd"]);
}

#[test]
fn destinations_say_how_many_clusters_there_are() {
    let application = |stage: &str, destination: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {stage}, namespace: argocd}}\n\
             spec: {{source: {{path: apps/{stage}}}, destination: {{{destination}}}}}\n---\n"
        )
    };
    let of = |dev: &str, prd: &str| {
        let tools = application("dev", dev) + &application("prd", prd);
        let (one, other) = (namespace("shop-dev", ""), namespace("shop-prd", ""));
        let snapshot = scan(&[("argo.yaml", &tools), ("apps/dev/a.yaml", &one), ("apps/prd/a.yaml", &other)]);
        snapshot.clusters.iter().map(|cluster| format!("{} ({})", cluster.name, cluster.evidence)).collect::<Vec<_>>()
    };
    let here = "server: 'https://kubernetes.default.svc'";
    assert_eq!(of(here, here), ["cluster (Argo CD deploys to the one that it runs on)"]);
    let why = "Argo CD or Flux destination";
    let found = of("server: 'https://a'", "server: 'https://b'");
    assert_eq!(found[..2], [format!("https://a ({why})"), format!("https://b ({why})")]);
    for spelt in ["https://a/", "https://A", "https://a:443", "HTTPS://a.:443/"] {
        let found = of("server: 'https://a'", &format!("server: '{spelt}'"));
        assert_eq!(found.len(), 1, "{spelt}: {found:?}");
    }
    assert!(of("server: 'https://a/one'", "server: 'https://a/two'").len() > 1);
    assert_eq!(of("server: 'https://a'", "name: b"), ["cluster (assumed: the destinations named may be one)"]);
}

#[test]
fn what_flux_deploys_from_a_clusters_folder_stands_on_that_cluster() {
    let flux = |stage: &str| {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: apps, namespace: flux-system}}\n\
             spec: {{path: ./apps/{stage}}}\n"
        )
    };
    let (dev, prd) = (flux("dev"), flux("prd"));
    let (one, other) = (namespace("shop-dev", ""), namespace("shop-prd", ""));
    let found = scan(&[
        ("clusters/one/apps.yaml", &dev),
        ("clusters/two/apps.yaml", &prd),
        ("apps/dev/a.yaml", &one),
        ("apps/prd/a.yaml", &other),
    ]);
    assert!(found.clusters.iter().all(|cluster| cluster.certain && cluster.guessed), "{:?}", found.clusters);
    let shop: Vec<String> = namespaces(&found).into_iter().filter(|name| name.contains("shop")).collect();
    assert_eq!(shop, ["one:shop-dev=shop/dev", "two:shop-prd=shop/prd"]);
}

#[test]
fn the_rest_of_a_list_may_hold_anything_of_its_cluster() {
    let of = |stage: &str| namespace(&format!("shop-{stage}"), "") + &config("c", &format!("shop-{stage}"), "1");
    let (dev, prd) = (of("dev"), of("prd"));
    let mut read = reading(&[("apps/dev/all.yaml", &dev), ("apps/prd/all.yaml", &prd)]);
    let context = Context { path: "apps/dev/page.yaml".to_owned(), ..Context::default() };
    let page = "{kind: PodList, apiVersion: v1, metadata: {continue: abc}, items: []}";
    read.unread.extend(decode(dtap_model::place::SourceId(0), "page.yaml", page, &context).unread);
    let reaches: Vec<Reach> = snapshot(read, &Corrections::default()).gaps.iter().map(|gap| gap.reach).collect();
    assert_eq!(reaches, [Reach::Everything]);
}

/// One object of a kind whose API version, metadata and rest are these.
fn one(api: &str, kind: &str, rest: &str) -> String {
    format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x, namespace: shop-dev}}\n{rest}\n---\n")
}

#[test]
fn what_installs_something_leaves_open_where_it_goes() {
    let open = ["shop-prd"].as_slice();
    let here = ["shop-dev"].as_slice();
    let everywhere = ["cluster"].as_slice();
    let set = |namespace: &str, source: &str| {
        format!("spec: {{template: {{spec: {{source: {{{source}}}, destination: {{namespace: '{namespace}'}}}}}}}}")
    };
    let cases: Vec<(&str, &str, String, &[&str])> = vec![
        ("helm.crossplane.io/v1beta1", "Release", "spec: {forProvider: {namespace: shop-prd}}".to_owned(), open),
        ("kappctrl.k14s.io/v1alpha1", "App", "spec: {deploy: [{kapp: {intoNs: shop-prd}}]}".to_owned(), open),
        ("kappctrl.k14s.io/v1alpha1", "App", "spec: {deploy: [{kapp: {}}]}".to_owned(), here),
        ("packaging.carvel.dev/v1alpha1", "PackageInstall", "spec: {}".to_owned(), here),
        ("operators.coreos.com/v1alpha1", "Subscription", "spec: {name: o}".to_owned(), here),
        ("messaging.knative.dev/v1", "Subscription", "spec: {channel: o}".to_owned(), &[]),
        ("configsync.gke.io/v1beta1", "RepoSync", "spec: {git: {dir: d}}".to_owned(), here),
        ("configsync.gke.io/v1beta1", "RootSync", "spec: {git: {dir: d}}".to_owned(), everywhere),
        ("configsync.gke.io/v1beta1", "RootSync", "spec: {git: {dir: apps}}".to_owned(), &[]),
        ("fleet.cattle.io/v1alpha1", "GitRepo", "spec: {targetNamespace: shop-prd, paths: [a]}".to_owned(), open),
        ("fleet.cattle.io/v1alpha1", "GitRepo", "spec: {paths: [apps]}".to_owned(), &[]),
        ("argoproj.io/v1alpha1", "ApplicationSet", set("shop-p{{env}}", "chart: c"), open),
        ("argoproj.io/v1alpha1", "ApplicationSet", set("{{env}}", "chart: c"), everywhere),
        ("argoproj.io/v1alpha1", "ApplicationSet", set("{{env}}", "path: apps"), &[]),
        ("argoproj.io/v1alpha1", "ApplicationSet", set("bank-{{env}}", "chart: c"), &[]),
        ("helm.cattle.io/v1", "HelmChart", "spec: {targetNamespace: shop-prd}".to_owned(), open),
    ];
    for (api, kind, rest, expected) in cases {
        let found = hidden_in("apps/all.yaml", &one(api, kind, &rest));
        let expected: Vec<String> =
            expected.iter().map(|to| format!("{kind} x installs what is not in the input: {to}")).collect();
        assert_eq!(found, expected, "{kind} {rest}");
    }
}

#[test]
fn what_makes_policies_out_of_something_else_leaves_open_where_it_does() {
    let tenant = "spec: {networkPolicies: {items: [{podSelector: {}, ingress: [{}]}]}}";
    let changes = "generates or changes NetworkPolicies: cluster";
    assert_eq!(hidden(&one("capsule.clastix.io/v1beta2", "Tenant", tenant)), [format!("Tenant x {changes}")]);
    assert_eq!(hidden(&one("capsule.clastix.io/v1beta2", "Tenant", "spec: {networkPolicies: {items: []}}")), [""; 0]);
    assert_eq!(hidden(&one("minio.min.io/v2", "Tenant", tenant)), [""; 0]);
    let copied = |resource: &str, mode: &str| {
        let rest = format!("spec: {{resources: [{{resource: {resource}, mode: {mode}}}]}}");
        hidden(&one("hnc.x-k8s.io/v1alpha2", "HNCConfiguration", &rest).replace(", namespace: shop-dev", ""))
    };
    assert_eq!(copied("networkpolicies", "Propagate"), [format!("HNCConfiguration x {changes}")]);
    assert_eq!(copied("networkpolicies", "Ignore"), [""; 0]);
    assert_eq!(copied("secrets", "Propagate"), [""; 0]);
    let text = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop-prd}}";
    assert_eq!(
        hidden(&one("fleet.cattle.io/v1alpha1", "Bundle", &format!("spec: {{resources: [{{content: '{text}'}}]}}"))),
        ["Bundle x holds a NetworkPolicy that something else may apply: shop-prd"]
    );
}

#[test]
fn what_sets_labels_that_policies_ask_for_leaves_the_cluster_open() {
    let asks = policy("in", "shop-prd", "{matchLabels: {team: x}}");
    let kyverno = |kind: &str, labels: &str| {
        format!(
            "spec: {{rules: [{{match: {{any: [{{resources: {{kinds: [{kind}]}}}}]}}, \
             mutate: {{patchStrategicMerge: {{metadata: {{labels: {{{labels}}}}}}}}}}}]}}"
        )
    };
    let gatekeeper = "spec: {match: {kinds: [{kinds: [Namespace]}]}, location: metadata.labels.team}".to_owned();
    let mutation = |resource: &str| {
        format!(
            "spec: {{matchConstraints: {{resourceRules: [{{resources: [{resource}]}}]}}, mutations: \
             [{{applyConfiguration: {{expression: \"Object{{metadata: Object.metadata{{labels: {{'team': 'x'}}}}}}\"}}}}]}}"
        )
    };
    let tenant = |key: &str| format!("spec: {{namespaceOptions: {{additionalMetadata: {{labels: {{{key}: x}}}}}}}}");
    let flux = |key: &str| format!("spec: {{commonMetadata: {{labels: {{{key}: x}}}}}}");
    let argo = |key: &str, value: &str| {
        format!("spec: {{syncPolicy: {{managedNamespaceMetadata: {{labels: {{{key}: {value}}}}}}}}}")
    };
    let enforce = "pod-security.kubernetes.io/enforce";
    let cases = [
        ("kyverno.io/v1", "ClusterPolicy", kyverno("Namespace", "team: x"), true),
        ("kyverno.io/v1", "ClusterPolicy", kyverno("Pod", "'+(team)': x"), true),
        ("kyverno.io/v1", "ClusterPolicy", kyverno("apps/v1/Deployment", "team: x"), true),
        ("kyverno.io/v1", "ClusterPolicy", kyverno("Ingress", "team: x"), false),
        ("kyverno.io/v1", "ClusterPolicy", kyverno("Pod", "cost: '{{request.object.metadata.labels.a}}'"), false),
        ("mutations.gatekeeper.sh/v1", "AssignMetadata", gatekeeper.clone(), true),
        ("mutations.gatekeeper.sh/v1", "AssignMetadata", gatekeeper.replace("labels", "annotations"), false),
        ("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy", mutation("namespaces"), true),
        ("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy", mutation("ingresses"), false),
        ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", mutation("pods"), false),
        ("capsule.clastix.io/v1beta2", "Tenant", tenant("team"), true),
        ("capsule.clastix.io/v1beta2", "Tenant", tenant("cost"), false),
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization", flux("team"), true),
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization", flux("cost"), false),
        ("argoproj.io/v1alpha1", "Application", argo("team", "x"), true),
        ("argoproj.io/v1alpha1", "Application", argo("cost", "x"), false),
        ("argoproj.io/v1alpha1", "Application", argo(enforce, "restricted"), false),
        ("argoproj.io/v1alpha1", "Application", argo(enforce, "privileged"), true),
    ];
    for (api, kind, rest, opens) in cases {
        let found = hidden(&(asks.clone() + &one(api, kind, &rest)));
        let expected = format!("{kind} x sets labels that policies ask for: cluster");
        assert_eq!(found, vec![expected; usize::from(opens)], "{rest}");
    }
}

#[test]
fn what_applies_a_folder_of_the_input_changed_leaves_its_namespaces_open() {
    let of = |api: &str, kind: &str, rest: &str| {
        let object = one(api, kind, rest);
        let prd = namespace("shop-prd", "") + &config("c", "shop-prd", "1") + &policy("p", "shop-prd", "{}");
        let dev = namespace("shop-dev", "");
        let snapshot = scan(&[("flux/all.yaml", &object), ("apps/dev/a.yaml", &dev), ("apps/prd/a.yaml", &prd)]);
        told(&snapshot)
    };
    let flux = |rest: &str| {
        of("kustomize.toolkit.fluxcd.io/v1", "Kustomization", &format!("spec: {{path: ./apps/prd, {rest}}}"))
    };
    let argo = |rest: &str| {
        of("argoproj.io/v1alpha1", "Application", &format!("spec: {{source: {{path: apps/prd, {rest}}}}}"))
    };
    let changes = "changes what lies in a folder of the input when it applies it: shop-prd";
    for (rest, opens) in [
        ("patches: [{target: {kind: NetworkPolicy}, patch: '$patch: delete'}]", true),
        ("patches: [{patch: '{kind: NetworkPolicy, metadata: {name: p}}'}]", true),
        ("patches: [{target: {kind: Deployment}, patch: '[{op: replace, path: /spec/replicas, value: 1}]'}]", false),
        ("patches: [{target: {kind: Deployment}, patch: '[{op: add, path: /spec/template/metadata/labels/a}]'}]", true),
        ("components: [../more]", true),
        ("namePrefix: a-", true),
        ("targetNamespace: shop-prd", false),
        ("postBuild: {substitute: {a: b}}", false),
        ("interval: 1m", false),
    ] {
        let expected = vec![format!("Kustomization x {changes}"); usize::from(opens)];
        assert_eq!(flux(rest), expected, "{rest}");
    }
    for (rest, opens) in [
        ("kustomize: {patches: [{target: {kind: NetworkPolicy}, patch: '[]'}]}", true),
        ("kustomize: {images: ['a=b']}", false),
        ("directory: {exclude: 'policy-*'}", true),
        ("directory: {recurse: true}", false),
        ("plugin: {name: p}", true),
    ] {
        let expected = vec![format!("Application x {changes}"); usize::from(opens)];
        assert_eq!(argo(rest), expected, "{rest}");
    }
}

#[test]
fn custom_objects_that_label_pods_leave_their_namespace_open() {
    let asks = policy("p", "shop-prd", "{matchLabels: {role: client}}");
    let of = |api: &str, kind: &str, rest: &str| hidden(&(asks.clone() + &one(api, kind, rest)));
    for (api, kind, rest, opens) in [
        ("kubevirt.io/v1", "VirtualMachine", "spec: {template: {metadata: {labels: {role: client}}}}", true),
        ("kubevirt.io/v1", "VirtualMachine", "spec: {template: {metadata: {labels: {cost: low}}}}", false),
        ("argoproj.io/v1alpha1", "CronWorkflow", "spec: {workflowSpec: {podMetadata: {labels: {role: a}}}}", true),
        ("kafka.strimzi.io/v1", "Kafka", "spec: {kafka: {template: {pod: {metadata: {labels: {role: a}}}}}}", true),
        ("example.com/v1", "Engine", "spec: {podLabels: {role: a}}", true),
        ("example.com/v1", "Engine", "spec: {selector: {labels: {role: a}}}", false),
        ("external-secrets.io/v1", "ExternalSecret", "spec: {template: {metadata: {labels: {role: a}}}}", false),
    ] {
        let expected = format!("{kind} x may run pods with labels that policies ask for: shop-dev");
        assert_eq!(of(api, kind, rest), vec![expected; usize::from(opens)], "{rest}");
    }
}

#[test]
fn a_plugin_that_enforces_nothing_leaves_its_cluster_open() {
    let daemon = |name: &str, image: &str, args: &str| {
        let container = format!("{{name: c, image: {image}, args: [{args}]}}");
        format!(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: {name}, namespace: kube-system}}\n\
             spec: {{template: {{spec: {{containers: [{container}]}}}}}}\n---\n"
        )
    };
    let config = |name: &str, data: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: kube-system}}\ndata: {{{data}}}\n"
        )
    };
    let flannel = daemon("flannel", "ghcr.io/flannel-io/flannel:v0.26", "");
    let open = |name: &str| vec![format!("{name} says that policies are not enforced: cluster")];
    assert_eq!(hidden(&flannel), open("DaemonSet flannel"));
    assert_eq!(hidden(&(flannel.clone() + &daemon("policy", "docker.io/calico/node:v3", ""))), [""; 0]);
    assert_eq!(
        hidden(&(flannel.clone() + &daemon("shop", "registry.example/provnet-weave:1", ""))),
        open("DaemonSet flannel")
    );
    let agent = |value: &str| daemon("aws-node", "amazon/aws-network-policy-agent:v1", value);
    assert_eq!(hidden(&agent("--enable-network-policy=false")), open("DaemonSet aws-node"));
    assert_eq!(hidden(&agent("--enable-network-policy=true")), [""; 0]);
    let calico = daemon("calico-node", "docker.io/calico/node:v3", "");
    assert_eq!(hidden(&(agent("--enable-network-policy=false") + &calico)), [""; 0], "Calico does it");
    let two = scan(&[
        ("clusters/one/all.yaml", &(namespace("shop-dev", "") + &flannel)),
        ("clusters/two/all.yaml", &(namespace("shop-prd", "") + &calico)),
    ]);
    assert_eq!(told(&two), ["DaemonSet flannel says that policies are not enforced: one"]);
    assert_eq!(hidden(&config("cilium-config", "enable-policy: never")), open("ConfigMap cilium-config"));
    assert_eq!(hidden(&config("cilium-config", "enable-policy: default")), [""; 0]);
    let controller = |value: &str| config("amazon-vpc-cni", &format!("enable-network-policy-controller: '{value}'"));
    assert_eq!(hidden(&controller("false")), open("ConfigMap amazon-vpc-cni"));
    assert_eq!(hidden(&controller("true")), [""; 0]);
    let subnet = |acls: &str| {
        hidden(&format!("apiVersion: kubeovn.io/v1\nkind: Subnet\nmetadata: {{name: s}}\nspec: {{acls: [{acls}]}}\n"))
    };
    assert_eq!(subnet("{action: allow}"), ["Subnet s has rules that may come before policies: cluster"]);
    assert_eq!(subnet(""), [""; 0]);
}
