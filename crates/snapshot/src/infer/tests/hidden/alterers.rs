//! What applies a folder of the input changed.

use super::*;

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
        ("patches: [{target: {kind: Service}, patch: '[{op: add, path: /spec/type, value: NodePort}]'}]", true),
        ("patches: [{patch: '{kind: EndpointSlice, endpoints: []}'}]", true),
        ("patches: [{patch: '{kind: ServiceAccount, imagePullSecrets: []}'}]", false),
        ("patches: [{target: {name: p}, patch: '{kind: Role, spec: null}'}]", true),
        ("patches: [{target: {kind: Job}, patch: '[{op: add, path: /metadata/annotations/a, value: b}]'}]", false),
        ("patches: [{target: {kind: Job}, patch: '[{op: remove, path: /spec/template/metadata}]'}]", true),
        ("patches: [{target: {kind: Job}, patch: '[{op: add, path: /metadata/annotations, value: {}}]'}]", true),
        ("patches: [{target: {kind: Job}, patch: '[{path: /a/v1.multus-cni.io~1default-network}]'}]", true),
        ("patches: [{patch: '{kind: Job, metadata: {annotations: {danm.k8s.io/interfaces: a}}}'}]", true),
        ("patches: [{patch: '{kind: Job, spec: {template: {$patch: replace}}}'}]", true),
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
    let whole = |path: &str, rest: &str| {
        let argo = format!("spec: {{source: {{path: {path}, kustomize: {{{rest}}}}}}}");
        let flux = of("kustomize.toolkit.fluxcd.io/v1", "Kustomization", &format!("spec: {{path: {path}, {rest}}}"));
        let both = [flux, of("argoproj.io/v1alpha1", "Application", &argo)].concat();
        both.into_iter().filter(|told| told.contains(changes.trim_end_matches("shop-prd"))).collect::<Vec<_>>()
    };
    for path in [".", "./"] {
        let found = whole(path, "patches: [{target: {kind: NetworkPolicy}, patch: '$patch: delete'}]");
        let of = |kind: &str| ["dev", "prd"].map(|to| format!("{kind} x {}", changes.replace("prd", to)));
        assert_eq!(found, [of("Kustomization"), of("Application")].concat(), "{path} may lie anywhere");
        assert_eq!(whole(path, "images: []"), [""; 0], "{path}");
    }
    let set = |folders: &str| {
        let source = "template: {spec: {sources: [{ref: values}, {path: '{{path}}', plugin: {name: p}}]}}";
        let generators = format!("generators: [{{git: {{directories: [{folders}]}}}}]");
        of("argoproj.io/v1alpha1", "ApplicationSet", &format!("spec: {{{generators}, {source}}}"))
    };
    let changed = |generators: &str, rest: &str| {
        let source = "path: 'apps/{{e}}'";
        let template = format!("template: {{spec: {{project: p, source: {{{source}}}}}}}");
        let spec = format!("spec: {{generators: [{generators}], {template}{rest}}}");
        of("argoproj.io/v1alpha1", "ApplicationSet", &spec)
    };
    let set_changes = format!("ApplicationSet x {changes}");
    let list = "{list: {elements: [{e: prd}]}}";
    let own = |spec: &str| format!("{{list: {{elements: [{{e: prd}}], template: {{spec: {{{spec}}}}}}}}}");
    assert_eq!(changed(list, ""), [""; 0]);
    assert_eq!(changed(list, ", templatePatch: ''"), [""; 0]);
    assert_eq!(changed(list, ", templatePatch: 'spec: {source: {kustomize: {}}}'"), [set_changes.as_str()]);
    assert_eq!(changed(&own("source: {directory: {exclude: p.yaml}}"), ""), [set_changes.as_str()]);
    assert_eq!(changed(&own("project: q, destination: {}"), ""), [""; 0], "it says nothing");
    let matrix = format!("{{matrix: {{generators: [{}]}}}}", own("source: {path: apps/prd}"));
    assert_eq!(changed(&matrix, ""), [set_changes.as_str()]);
    for (folders, opens) in [
        ("{path: apps/*}", &["shop-dev", "shop-prd"][..]),
        ("{path: ./apps/prd/}", &["shop-prd"]),
        ("{path: apps/*}, {path: apps/dev, exclude: true}", &["shop-prd"]),
        ("{path: other/*}", &[]),
    ] {
        let changes = changes.trim_end_matches("shop-prd");
        let expected: Vec<String> = opens.iter().map(|to| format!("ApplicationSet x {changes}{to}")).collect();
        assert_eq!(set(folders), expected, "{folders}");
    }
}

#[test]
fn what_changes_namespaces_in_a_folder_changes_their_labels() {
    let of = |api: &str, kind: &str, spec: &str, key: &str| {
        let object = one(api, kind, &format!("spec: {spec}"));
        let asks = policy("p", "shop-prd", &format!("{{matchLabels: {{{key}: x}}}}"));
        let (dev, prd) = (namespace("shop-dev", ""), namespace("shop-prd", "") + &asks);
        let pods = config("c", "shop-dev", "1");
        let texts = [
            ("tools/all.yaml", object.as_str()),
            ("apps/dev/a.yaml", &dev),
            ("apps/prd/a.yaml", &prd),
            ("apps/web/a.yaml", &pods),
        ];
        told(&scan(&texts)).contains(&format!("{kind} x sets labels that policies ask for: cluster"))
    };
    let argo = |path: &str, rest: &str, key: &str| {
        of("argoproj.io/v1alpha1", "Application", &format!("{{source: {{path: {path}, {rest}}}}}"), key)
    };
    let flux = |path: &str, rest: &str| {
        of("kustomize.toolkit.fluxcd.io/v1", "Kustomization", &format!("{{path: {path}, {rest}}}"), "team")
    };
    let patch =
        |target: &str| format!("patches: [{{target: {{{target}}}, patch: '[{{op: add, path: /metadata/labels}}]'}}]");
    for (rest, opens) in [
        (patch("kind: Namespace"), true),
        (patch("kind: 'Name.*'"), true),
        (patch("name: shop-dev"), true),
        (patch("kind: Deployment"), false),
        ("patches: [{patch: '{kind: Namespace, metadata: {name: a}}'}]".to_owned(), true),
        ("patches: [{patch: '{kind: Deployment, metadata: {name: a}}'}]".to_owned(), false),
        ("components: [../more]".to_owned(), true),
        ("components: []".to_owned(), false),
    ] {
        assert_eq!(flux("apps/dev", &rest), opens, "{rest}");
        assert!(!flux("apps/web", &rest), "no Namespace stands there: {rest}");
        let within = format!("kustomize: {{{rest}}}");
        assert_eq!(argo("apps/dev", &within, "team"), opens, "{rest}");
    }
    assert!(argo("apps/dev", "kustomize: {commonLabels: {team: x}}", "team"));
    assert!(!argo("apps/dev", "kustomize: {commonLabels: {team: x}}", "cost"));
    assert!(argo("apps/dev", "kustomize: {namespace: shop-prd}", "team"));
    assert!(argo("apps/dev", "plugin: {name: p}", "team"));
    let set = |rest: &str| {
        of(
            "argoproj.io/v1alpha1",
            "ApplicationSet",
            &format!("{{template: {{spec: {{source: {{path: apps/dev}}}}}}{rest}}}"),
            "team",
        )
    };
    assert!(set(", templatePatch: a"));
    assert!(!set(""));
}

#[test]
fn what_moves_a_folder_into_another_namespace_opens_that_too() {
    let tool = one(
        "argoproj.io/v1alpha1",
        "Application",
        "spec: {source: {path: apps/dev, kustomize: {namespace: shop-prd}}}",
    );
    let (dev, prd) = (namespace("shop-dev", ""), namespace("shop-prd", ""));
    let found = told(&scan(&[("tools/a.yaml", &tool), ("apps/dev/a.yaml", &dev), ("apps/prd/a.yaml", &prd)]));
    let changes = "Application x changes what lies in a folder of the input when it applies it";
    assert_eq!(found, [format!("{changes}: shop-dev"), format!("{changes}: shop-prd")]);
}
