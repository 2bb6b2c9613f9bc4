//! Which cluster holds what.

use super::*;

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
fn names_of_one_api_server_are_one_cluster() {
    let secret = |name: &str, fields: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: argocd, labels: {{argocd.argoproj.io/\
             secret-type: cluster}}}}\n{fields}\n---\n"
        )
    };
    let of = |secrets: &str| {
        let apps = application("shop/one", "name: east, namespace: shop-dev")
            + &application("shop/two", "name: west, namespace: shop-prd");
        let texts = [
            ("r/apps.yaml", (apps + secrets).as_str()),
            ("r/shop/one/a.yaml", &config("x", "", "1")),
            ("r/shop/two/a.yaml", &config("x", "", "2")),
        ]
        .map(|(path, text): (&str, &str)| (path, text.to_owned()));
        scan(&texts.each_ref().map(|(path, text)| (*path, text.as_str()))).clusters.len()
    };
    let west = secret("w", "data: {name: d2VzdA==, server: aHR0cHM6Ly9LOA==}");
    assert_eq!(of(""), 3);
    assert_eq!(of(&(secret("east", "stringData: {server: 'https://k8:443/'}") + &west)), 1);
    assert_eq!(of(&(secret("east", "stringData: {server: 'https://k9'}") + &west)), 3);
    assert_eq!(of(&secret("w", "stringData: {name: west, server: 'https://kubernetes.default.svc'}")), 1);
}

#[test]
fn a_stage_of_which_nothing_is_read_sets_no_others_together() {
    let conflict = [("c/web/acc/", config("web", "web", "a")), ("c/web/prod/", config("web", "web", "b"))];
    let mut read = reading(&conflict.each_ref().map(|(path, text)| (*path, text.as_str())));
    read.unread.push(broken("c/web/dev/x.yaml", None));
    let clusters = snapshot(read, &Corrections::default()).clusters;
    let names: Vec<&str> = clusters.iter().map(|cluster| cluster.name.as_str()).collect();
    assert_eq!(names, ["acc", "prod", "not said"]);
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
fn a_set_over_folders_says_the_cluster_of_those_alone_that_it_takes() {
    let [web, db, far] = ["web-dev", "db-dev", "far-dev"].map(|name| config("a", name, "x"));
    let west = "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: b, namespace: argocd}\n\
                spec: {source: {path: far}, destination: {name: west}}\n";
    let east = |folders: &str, path: &str| -> Vec<String> {
        let set = format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {{name: a, namespace: argocd}}\n\
             spec: {{generators: [{{git: {{directories: [{folders}]}}}}], template: {{spec: {{destination: \
             {{name: east}}, source: {{path: '{path}'}}}}}}}}\n"
        );
        let scanned = scan(&[
            ("set.yaml", &(set + west)),
            ("apps/web/a.yaml", &web),
            ("apps/db/a.yaml", &db),
            ("far/a.yaml", &far),
        ]);
        let of_east = |name: &String| name.starts_with("east:");
        let name = |name: String| name.trim_start_matches("east:").split('=').next().unwrap_or_default().to_owned();
        namespaces(&scanned).into_iter().filter(of_east).map(name).collect()
    };
    assert_eq!(east("{path: apps/*}", "{{path}}"), ["db-dev", "web-dev"]);
    assert_eq!(east("{path: 'apps/w*'}", "{{path}}"), ["web-dev"]);
    assert_eq!(east("{path: apps/*}, {path: apps/db, exclude: true}", "{{path}}"), ["web-dev"]);
    assert_eq!(east("{path: more/web}", "apps/{{path.basename}}"), ["web-dev"], "as the template has it");
    assert_eq!(east("{path: apps/*}", "{{elsewhere}}"), [""; 0], "it may be called anything");
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
fn what_tools_bring_to_clusters_that_may_be_several_is_not_of_one_namespace_for_certain() {
    const HERE: &str = "server: 'https://kubernetes.default.svc'";
    let flux = |path: &str, kubeconfig: &str| {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux}}\n\
             spec: {{path: ./{path}, sourceRef: {{kind: GitRepository, name: it}}{kubeconfig}}}\n---\n",
            name = path.replace('/', "-"),
        )
    };
    let set = |path: &str, selector: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {{name: {name}}}\n\
             spec: {{generators: [{{clusters: {{selector: {{matchLabels: {{is: {selector}}}}}}}}}], \
             template: {{spec: {{source: {{path: {path}}}, destination: {{server: '{{{{server}}}}'}}}}}}}}\n---\n",
            name = path.replace('/', "-"),
        )
    };
    let with = |tools: &str, corrections: &Corrections| -> (usize, Vec<bool>) {
        let (pods, closed) = (namespace("shop-prd", "") + &config("x", "shop-prd", "1"), policy("p", "shop-prd", "{}"));
        let texts = [("r/tools.yaml", tools), ("r/apps/prd/a.yaml", &pods), ("r/more/p.yaml", &closed)];
        let snapshot = snapshot(reading(&texts), corrections);
        let told = snapshot.gaps.iter().filter(|gap| gap.what.contains("clusters that may be several"));
        let declared = snapshot.namespaces.iter().filter(|it| it.name == "shop-prd").map(|it| it.declared);
        (told.count(), declared.collect())
    };
    let of = |tools: &str| with(tools, &Corrections::default());
    let (one, apart) = ((0, vec![true]), (1, vec![false]));
    assert_eq!(of(&(application("apps/prd", HERE) + &application("more", HERE))), one);
    let far = "server: 'https://10.9.8.7'";
    assert_eq!(of(&(application("apps/prd", HERE) + &application("more", far))), apart);
    assert_eq!(of(&(application("apps/prd", "name: east") + &application("more", far))), apart);
    assert_eq!(of(&(flux("apps/prd", "") + &flux("more", ""))), one);
    let by = |more: &str| format!(", kubeConfig: {{secretRef: {{name: b{more}}}}}");
    assert_eq!(of(&(flux("apps/prd", &by("")) + &flux("more", &by("")))), one);
    assert_eq!(of(&(flux("apps/prd", "") + &flux("more", &by("")))), apart);
    assert_eq!(of(&(flux("apps/prd", &by("")) + &flux("more", &by(", key: other")))), apart);
    assert_eq!(of(&(flux("apps/prd", "") + &flux("more", ", kubeConfig: {configMapRef: {name: b}}"))), apart);
    let elsewhere = flux("more", &by("")).replace("namespace: flux", "namespace: tenant");
    assert_eq!(of(&(flux("apps/prd", &by("")) + &elsewhere)), apart);
    assert_eq!(of(&(set("apps/prd", "prd") + &set("more", "prd"))), one);
    assert_eq!(of(&(set("apps/prd", "prd") + &set("more", "dev"))), apart);
    assert_eq!(of(&(application("apps/prd", HERE) + &set("more", "prd"))), apart);
    let twice = application("apps/prd", HERE) + &application("more", HERE) + &application("more", far);
    assert_eq!(of(&twice), apart, "the policy stands on both, as far as it is known");
    let said = Corrections {
        clusters: vec![crate::infer::corrections::parse("one=namespace:*").unwrap()],
        ..Corrections::default()
    };
    let tools = application("apps/prd", HERE) + &application("more", far);
    assert_eq!(with(&tools, &said), one, "the user says that it is one");
}

#[test]
fn what_tools_bring_to_clusters_of_no_common_name_may_be_apart() {
    let apart = |tools: &str| {
        let scanned = scan(&[
            ("argo/all.yaml", tools),
            ("apps/dev/a.yaml", &config("x", "shop-dev", "1")),
            ("apps/prd/a.yaml", &config("x", "shop-prd", "1")),
        ]);
        let at = |name: &str| scanned.namespaces.iter().position(|namespace| namespace.name == name);
        at("shop-dev").zip(at("shop-prd")).is_some_and(|(dev, prd)| scanned.may_be_apart(dev, prd))
    };
    let to = |dev: &[&str], prd: &[&str]| {
        let of = |path: &str, to: &[&str]| to.iter().map(|to| application(path, to)).collect::<String>();
        apart(&(of("apps/dev", dev) + &of("apps/prd", prd)))
    };
    let (here, a, b) = ("server: 'https://kubernetes.default.svc'", "server: 'https://a'", "name: b");
    assert!(to(&[here], &[a]) && to(&[a], &[b]) && to(&[a, b], &["name: c"]) && to(&[""], &[a]));
    assert!(!to(&[a], &[a]) && !to(&[a, b], &[b]) && !to(&[here], &[""]) && !to(&[], &[a]) && !to(&[a], &[]));
    let set = |generator: &str, path: &str| {
        apart(&format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {{name: s, namespace: argocd}}\nspec:\n  \
             generators: [{generator}]\n  template: {{spec: {{source: {{path: '{path}'}}, destination: \
             {{server: '{{{{server}}}}'}}}}}}\n"
        ))
    };
    let folders = "git: {directories: [{path: apps/*}]}";
    let both = |clusters: &str| format!("{{matrix: {{generators: [{{{folders}}}, {{clusters: {{{clusters}}}}}]}}}}");
    assert!(!set(&both(""), "{{path}}"), "every folder to every cluster");
    assert!(set(&both("selector: {matchLabels: {stage: '{{path.basename}}'}}"), "{{path}}"));
    assert!(set("{clusters: {}}", "apps/{{name}}") && set("{clusters: {}}", "apps/{{metadata.labels.stage}}"));
}

/// Whether the policy and the pods of a namespace are told to stand on clusters that may be several.
fn are_apart(tools: &str, policy_at: &str, pods_at: &str) -> bool {
    let (pods, closed) = (namespace("shop-prd", "") + &config("x", "shop-prd", "1"), policy("p", "shop-prd", "{}"));
    let scanned = scan(&[("argo/all.yaml", tools), (pods_at, &pods), (policy_at, &closed)]);
    scanned.gaps.iter().any(|gap| gap.what.contains("clusters that may be several"))
}

#[test]
fn a_folder_that_may_be_called_anything_outvotes_no_known_one() {
    let (here, far) = ("server: 'https://kubernetes.default.svc'", "server: 'https://c'");
    let vague = format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {{name: s, namespace: argocd}}\nspec:\n  \
         generators: [{{git: {{files: [{{path: 'conf/*.json'}}]}}}}]\n  \
         template: {{spec: {{source: {{path: '{{{{kind}}}}/prd'}}, destination: {{{here}}}}}}}\n"
    );
    let known = application("pol", far) + &application("apps", here);
    for tools in [known.clone(), known + &vague] {
        assert!(are_apart(&tools, "pol/prd/p.yaml", "apps/prd/a.yaml"));
    }
}

#[test]
fn a_folder_whose_pattern_fits_in_several_places_is_one_for_itself() {
    let tools = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s, namespace: argocd}\nspec:\n  \
                 generators: [{git: {directories: [{path: '*/*'}]}}]\n  template: {spec: {source: {path: '{{path}}'}, \
                 destination: {server: 'https://{{path.basename}}.example'}}}\n";
    assert!(are_apart(tools, "repo/prd/pol/p.yaml", "repo/prd/app/a.yaml"));
}
