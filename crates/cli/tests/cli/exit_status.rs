//! What the exit status says: 0 holds, 1 broken, 2 wrong use or a world that failed, 3 something unknown.

use crate::harness::{OPEN, Run, folder, root, run, run_with_input, shop_with};

/// A ConfigMap that only prd has: a difference.
const EXTRA: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: shop-prd}\ndata: {a: b}\n";

#[track_caller]
fn is(run: &Run, status: i32) {
    assert_eq!(run.status, status, "\n{}\n{}", run.stdout, run.stderr);
}

#[test]
fn a_closed_shop_holds() {
    is(&run(&["scan"], shop_with(&[]).path()), 0);
}

#[test]
fn an_open_way_into_production_is_an_error() {
    let open = shop_with(&[("open.yaml", OPEN)]);
    let shown = run(&["scan", "."], open.path());
    is(&shown, 1);
    assert!(shown.stdout.contains("BROKEN") && shown.stdout.contains("exit status 1"), "{}", shown.stdout);
    let never = run(&["scan", "--fail-on", "never"], open.path());
    is(&never, 0);
    assert!(never.stdout.contains("broken, but --fail-on never   exit status 0"), "{}", never.stdout);
    let json = run(&["scan", "--fail-on", "never", "-o", "json"], open.path());
    is(&json, 0);
    assert!(json.stdout.contains(r#""outcome": "fails""#) && json.stdout.contains(r#""exit_status": 0"#));
    is(&run(&["scan", "-o", "json"], open.path()), 1);
    is(&run(&["scan", "-q"], open.path()), 1);
}

/// A namespace of no environment, which everybody may open.
const PREVIEW: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop-feature-login}\n";

/// What closes it, in both directions.
const CLOSED: &str = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, \
                      namespace: shop-feature-login}\nspec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n";

#[test]
fn a_namespace_of_no_environment_in_contact_with_one_is_unknown() {
    let open = shop_with(&[("preview.yaml", PREVIEW), ("open.yaml", OPEN)]);
    // Broken is broken; take the way between the two environments out of it.
    let out = OPEN.split_once("---").unwrap().1;
    let beside = shop_with(&[("preview.yaml", PREVIEW), ("out.yaml", out)]);
    let shown = run(&["scan", "."], beside.path());
    is(&shown, 3);
    for part in
        ["warning NET014", "--environment NAME=namespace:shop-feature-login", "unplaced namespaces are in contact"]
    {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }
    is(&run(&["scan", "."], open.path()), 1);
    is(&run(&["scan", "--environment", "shared=namespace:shop-feature-login", "."], beside.path()), 0);
    let closed = shop_with(&[("preview.yaml", PREVIEW), ("closed.yaml", CLOSED), ("out.yaml", out)]);
    let shown = run(&["scan", "."], closed.path());
    is(&shown, 0);
    assert!(!shown.stdout.contains("NET014"), "{}", shown.stdout);
}

#[test]
fn what_may_stand_in_no_namespace_is_told_by_its_kind_and_is_no_namespace() {
    let widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n---\n\
                  apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: default}\n";
    let shop = shop_with(&[("widget.yaml", widget)]);
    let shown = run(&["scan", "."], shop.path());
    is(&shown, 0);
    assert!(shown.stdout.contains("without a namespace: 1 × Widget   (in no environment"), "{}", shown.stdout);
    let json: serde_json::Value = serde_json::from_str(&run(&["scan", "-o", "json", "."], shop.path()).stdout).unwrap();
    let nameless = &json["unplaced"][0];
    assert_eq!(
        (&nameless["evidence"], &nameless["kinds"][0]["kind"]),
        (&"no label or folder says a stage".into(), &"Widget".into()),
        "{nameless}"
    );
    assert!(!shown.stdout.contains("(none)") && shown.stdout.contains("8 objects"), "{}", shown.stdout);
}

#[test]
fn what_could_not_be_read_is_not_missing() {
    let workload = |stage: &str, port: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web, namespace: shop-{stage}}}\n\
             spec: {{selector: {{matchLabels: {{app: web}}}}, template: {{metadata: {{labels: {{app: web}}}}, \
             spec: {{containers: [{{name: web, image: web:1, ports: [{{containerPort: {port}}}]}}]}}}}}}\n---\n\
             apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: web, namespace: shop-{stage}}}\n"
        )
    };
    let unread = folder(&[("dev.yaml", &workload("dev", "'80'")), ("prd.yaml", &workload("prd", "80"))]);
    let shown = run(&["diff", "dev", "prd"], unread.path());
    is(&shown, 3);
    assert!(!shown.stdout.contains("only in prd"), "{}", shown.stdout);
    assert!(shown.stdout.contains("1 object of prd is not told as missing in dev"), "{}", shown.stdout);
}

#[test]
fn what_stands_behind_the_page_of_a_list_is_not_missing() {
    let config = |name: &str, stage: &str| {
        format!(r#"{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{name}","namespace":"shop-{stage}"}}}}"#)
    };
    let items = [config("web", "dev"), config("web", "prd"), config("more", "prd")].join(",");
    for (more, is_told) in [("", true), (r#""continue":"x""#, false)] {
        let list = format!(r#"{{"apiVersion":"v1","kind":"List","metadata":{{{more}}},"items":[{items}]}}"#);
        let shown = run(&["diff", "dev", "prd"], folder(&[("all.json", &list)]).path());
        assert_eq!(shown.stdout.contains("only in prd"), is_told, "{}", shown.stdout);
    }
}

#[test]
fn a_chart_of_nobody_knows_which_environment_hides_nothing_that_one_lacks() {
    let config = |name: &str, stage: &str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shop-{stage}}}\n---\n")
    };
    let more = config("web", "prd") + &config("more", "prd");
    let chart = "apiVersion: v2\nname: any\nversion: 1.0.0\n";
    let files = [("dev.yaml", config("web", "dev")), ("prd.yaml", more), ("any/Chart.yaml", chart.to_owned())];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let shown = run(&["diff", "dev", "prd"], folder(&files).path());
    is(&shown, 1);
    assert!(shown.stdout.contains("is a helm chart"), "{}", shown.stdout);
    assert!(shown.stdout.contains("only in prd"), "{}", shown.stdout);
}

#[test]
fn a_difference_fails_where_it_is_asked_for() {
    let differing = shop_with(&[("extra.yaml", EXTRA)]);
    is(&run(&["scan"], differing.path()), 0);
    let asked = run(&["scan", "--fail-on", "difference"], differing.path());
    is(&asked, 1);
    assert!(asked.stdout.contains("note: not broken, but --fail-on asks for more"), "{}", asked.stdout);
    is(&run(&["diff", "dev", "prd"], differing.path()), 1);
    is(&run(&["diff", "dev", "prd"], shop_with(&[]).path()), 0);
}

#[test]
fn pods_whose_controllers_are_not_in_the_input_are_not_said_to_be_the_same() {
    let pod = |stage: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web-7d9f-x, namespace: shop-{stage}, labels: {{app: web, pod-template-hash: 7d9f}}, \
             ownerReferences: [{{apiVersion: apps/v1, kind: ReplicaSet, name: web-7d9f, uid: u, controller: true}}]}}\n\
             spec: {{nodeName: n1, containers: [{{name: web, image: 'web:{stage}'}}]}}\n---\n"
        )
    };
    let namespace = |stage: &str| format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop-{stage}}}\n---\n");
    let made = ["dev", "prd"].map(|stage| namespace(stage) + &pod(stage)).concat();
    let told = "pods of dev and prd are of controllers that the input does not hold: they are not compared";
    let shown = run(&["diff", "dev", "prd", "."], folder(&[("all.yaml", &made)]).path());
    is(&shown, 3);
    assert!(shown.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains(told), "{}", shown.stdout);
    let set = |stage: &str| {
        format!(
            "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {{name: web-7d9f, namespace: shop-{stage}}}\n\
             spec: {{template: {{spec: {{containers: [{{name: web, image: 'web:{stage}'}}]}}}}}}\n---\n"
        )
    };
    let whole = made + &set("dev") + &set("prd");
    let shown = run(&["diff", "dev", "prd", "."], folder(&[("all.yaml", &whole)]).path());
    is(&shown, 1);
    assert!(!shown.stdout.contains("not compared"), "{}", shown.stdout);
}

#[test]
fn what_could_not_be_read_is_unknown() {
    let broken = shop_with(&[("broken.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x\n")]);
    let shown = run(&["scan"], broken.path());
    is(&shown, 3);
    assert!(shown.stdout.contains("broken.yaml:"), "{}", shown.stdout);
    let never = run(&["scan", "--fail-on", "never"], broken.path());
    is(&never, 0);
    assert!(never.stdout.contains("something unknown   exit status 0"), "{}", never.stdout);
    let json = run(&["scan", "--fail-on", "never", "-o", "json"], broken.path());
    assert!(json.stdout.contains(r#""outcome": "unknown""#) && json.stdout.contains(r#""exit_status": 0"#));
}

/// The options that the screen says to type.
fn suggested(shown: &str) -> Vec<String> {
    let text = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((_, command)) = text.split_once("say which they are: dtap scan ") else { return Vec::new() };
    let words = command.split(" .").next().unwrap_or_default().split(' ');
    words.map(|word| word.replace('\'', "")).collect()
}

#[test]
fn fewer_than_two_environments_are_nothing_to_judge() {
    let pod = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: {name}}}\nspec: {{containers: []}}\n---\n"
        )
    };
    let labelled = |name: &str, team: &str| {
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{team: {team}, app: shop}}}}\n---\n"
        )
    };
    for (text, options) in [
        (pod("shop-blue") + &pod("shop-green"), &["blue=namespace:*-blue", "green=namespace:*-green"][..]),
        (
            pod("shop-blue") + &pod("bank-blue") + &pod("shop-green"),
            &["blue=namespace:*-blue", "green=namespace:*-green"],
        ),
        (pod("shop-dev") + &pod("billing"), &["billing=namespace:billing"]),
        (pod("shop-dev") + &pod("bank-dev") + &pod("billing"), &["billing=namespace:billing"]),
        (
            labelled("a", "one") + &labelled("b", "two") + &labelled("shared-x", "two"),
            &["two=label:team=two", "one=label:team=one"],
        ),
    ] {
        let few = folder(&[("a.yaml", &text)]);
        let shown = run(&["scan", "."], few.path());
        is(&shown, 3);
        let typed = suggested(&shown.stdout);
        let expected: Vec<&str> = options.iter().flat_map(|option| ["--environment", *option]).collect();
        assert_eq!(typed, expected, "{}", shown.stdout);
        let again = run(&[&["scan"][..], &expected, &["."]].concat(), few.path());
        assert!(!again.stdout.contains("fewer than two environments"), "{}", again.stdout);
    }
}

#[test]
fn where_no_option_makes_two_environments_what_is_missing_is_told() {
    let none = folder(&[("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n")]);
    let one = folder(&[("a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop-dev}\n")]);
    for few in [none, one] {
        let shown = run(&["scan", "."], few.path());
        is(&shown, 3);
        assert_eq!(suggested(&shown.stdout), Vec::<String>::new(), "{}", shown.stdout);
        assert!(shown.stdout.contains("another environment is missing"), "{}", shown.stdout);
    }
    let one = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop-dev, labels: {environment: dev}}\n";
    is(&run_with_input(&["scan", "-"], one), 3);
}

#[test]
fn strict_names_the_assumptions_and_the_options_that_vouch() {
    let shop = shop_with(&[]);
    let shown = run(&["scan", "--strict", "."], shop.path());
    is(&shown, 3);
    let text = shown.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let why = "strict: nobody vouches for cni-enforces and input-complete; you do with --assume cni-enforces --assume \
               input-complete";
    assert!(text.contains(why), "{}", shown.stdout);
    let vouched = ["--assume", "cni-enforces", "--assume", "input-complete"];
    is(&run(&[&["scan", "--strict"][..], &vouched, &["."]].concat(), shop.path()), 0);
    let asked = ["reach", "--strict", "dev:web", "prd:web"];
    let text = run(&asked, shop.path()).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(why), "{text}");
    is(&run(&[&asked[..], &vouched].concat(), shop.path()), 1);
}

#[test]
fn an_input_without_objects_is_nothing_to_judge() {
    let values = ("values.yaml", "a: 1\n");
    for (files, told) in [
        (&[][..], "holds no file"),
        (&[("README", "nothing here")], "holds no file"),
        (&[("empty.yaml", "# nothing\n")], "holds no Kubernetes object"),
        (&[values], "nothing of Kubernetes"),
        (&[("broken.yaml", "a: [\n")], "nothing that could be read"),
    ] {
        let shown = run(&["scan"], folder(files).path());
        is(&shown, 3);
        for part in ["no Kubernetes objects found", "nothing to judge: . holds ", told, "read: ", "kubectl get"] {
            assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
        }
        assert!(!shown.stdout.contains("--environment"), "{}", shown.stdout);
    }
    is(&run_with_input(&["scan", "-"], ""), 3);
}

#[test]
fn wrong_use_says_what_is_wrong_and_what_to_do() {
    let shop = shop_with(&[]);
    for (arguments, told) in [
        (&["scan", "nowhere", "."][..], "nowhere"),
        (&["scan", "--no-such-option"], "--no-such-option"),
        (&["scan", "--environment", "prd"], "NAME=SELECTOR"),
        (&["scan", "--environment", "prd=nothing:x"], "namespace:GLOB"),
        (&["scan", "--assume", "no-such-thing"], "no-such-thing"),
        (&["scan", "--assume", "pod-range=10.0.0.0/99"], "CIDR"),
        (&["scan", "--assume", "cni-enforces=yes"], "takes no value"),
        (&["diff", "dev", "prod"], "prod"),
        (&["explain", "XYZ999"], "XYZ999"),
        (&["reach", "dev:nobody", "prd:web"], "nobody"),
    ] {
        let shown = run(arguments, shop.path());
        is(&shown, 2);
        assert_eq!(shown.stdout, "", "{arguments:?}");
        assert!(shown.stderr.starts_with("error: ") && shown.stderr.contains(told), "{arguments:?}\n{}", shown.stderr);
    }
}

#[test]
fn reach_tells_allowed_from_denied() {
    let open = shop_with(&[("open.yaml", OPEN)]);
    is(&run(&["reach", "dev:web", "prd:web:80"], open.path()), 0);
    is(&run(&["reach", "shop-prd/web", "shop-dev/web:80/TCP"], open.path()), 1);
}

#[test]
fn the_example_has_its_mistakes() {
    is(&run(&["scan", "examples/shop-as-found"], &root()), 1);
}

/// The screen without the words that differ by how the path was typed.
fn matrix(run: &Run) -> String {
    let drawn = |line: &&str| line.contains("isolated") || line.contains("BROKEN") || line.contains("unplaced:");
    run.stdout.lines().filter(drawn).collect::<Vec<_>>().join("\n")
}

#[test]
fn where_an_input_was_put_and_how_it_was_typed_changes_no_answer() {
    let loadgen = "apiVersion: v1\nkind: Namespace\nmetadata: {name: loadgen}\n";
    let shop = shop_with(&[("loadgen.yaml", loadgen), ("open.yaml", OPEN)]);
    let outer = folder(&[]);
    let put = outer.path().join("my-prod/clusters/dev");
    std::fs::create_dir_all(put.parent().unwrap()).unwrap();
    std::fs::rename(shop.path(), &put).unwrap();
    let absolute = put.display().to_string();
    let [here, relative, absolute] = [
        run(&["scan", "."], &put),
        run(&["scan", "my-prod/clusters/dev"], outer.path()),
        run(&["scan", &absolute], outer.path()),
    ];
    assert!(matrix(&here).contains("unplaced: loadgen"), "{}", here.stdout);
    assert_eq!(matrix(&here), matrix(&relative), "{}", relative.stdout);
    assert_eq!(matrix(&here), matrix(&absolute), "{}", absolute.stdout);
}

#[test]
fn a_path_of_an_option_is_taken_from_where_the_input_is() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: []}\n";
    let outer = folder(&[("put/one/web.yaml", pod), ("put/two/web.yaml", pod)]);
    let absolute = outer.path().join("put").display().to_string();
    for typed in ["put", &absolute] {
        let options = ["scan", "--environment", "dev=path:one", "--environment", "prd=path:two", typed];
        let told = run(&options, outer.path());
        assert!(told.stdout.contains("dev ▸ prd"), "{}", told.stdout);
    }
}

#[test]
fn several_paths_are_told_apart_by_their_names_however_they_are_typed() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: []}\n";
    let outer = folder(&[("live-test/dev/web.yaml", pod), ("live-test/prd/web.yaml", pod)]);
    let inside = outer.path().join("live-test");
    let absolute: Vec<String> = ["dev", "prd"].iter().map(|name| inside.join(name).display().to_string()).collect();
    let told = [
        run(&["scan", "dev", "prd"], &inside),
        run(&["scan", "live-test/dev", "live-test/prd"], outer.path()),
        run(&["scan", &absolute[0], &absolute[1]], outer.path()),
    ];
    for told in told {
        assert!(told.stdout.starts_with("street   dev ▸ prd "), "{}", told.stdout);
    }
}

#[test]
fn an_option_that_changes_nothing_is_a_warning() {
    let closed = shop_with(&[]);
    let options = ["scan", "--exclude", "nosuch", "--environment", "prd=namespace:nosuch", "."];
    let shown = run(&options, closed.path());
    is(&shown, 0);
    for part in
        ["SRC003  --exclude nosuch changes nothing", "SRC003  --environment prd=namespace:nosuch changes nothing"]
    {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }
    let used = run(&["scan", "--exclude", "*prd*", "."], closed.path());
    assert!(!used.stdout.contains("SRC003"), "{}", used.stdout);
}

/// A policy of production that lets an address out which may be that of a shared namespace's pod.
const TO_ADDRESSES: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: monitoring}\n---\n\
     apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: out, namespace: shop-prd}\n\
     spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}\n";

#[test]
fn what_is_unknown_towards_a_shared_namespace_says_what_to_do() {
    let shop = shop_with(&[("addresses.yaml", TO_ADDRESSES)]);
    let shown = run(&["scan", "."], shop.path());
    is(&shown, 3);
    for part in ["= mend: say with `--assume", "(dtap explain NET006)", "that is `open`, and no defect"] {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }
    let json: serde_json::Value = serde_json::from_str(&run(&["scan", "-o", "json", "."], shop.path()).stdout).unwrap();
    assert_eq!(json["undecided"][0]["explain"], "NET006");
    assert!(json["unknown"].as_array().unwrap().contains(&json["undecided"][0]["why"]), "{json}");
    let settled = run(&["scan", "--assume", "pod-range=192.168.0.0/16", "."], shop.path());
    is(&settled, 0);
    assert!(!settled.stdout.contains("= mend"), "{}", settled.stdout);
}

#[test]
fn quiet_says_on_standard_error_why_the_status_is_3_and_nothing_else() {
    let shop = shop_with(&[("addresses.yaml", TO_ADDRESSES)]);
    for arguments in [&["scan", "-q", "."][..], &["scan", "-q", "-o", "json", "."]] {
        let shown = run(arguments, shop.path());
        is(&shown, 3);
        assert!(shown.stderr.starts_with("dtap: exit status 3: whether prd can open monitoring"), "{}", shown.stderr);
        assert_eq!(shown.stderr.lines().count(), 1, "{}", shown.stderr);
    }
    let held = run(&["scan", "-q", "."], shop_with(&[]).path());
    assert_eq!((held.status, held.stderr.as_str()), (0, ""));
    let alone = run_with_input(&["scan", "-q", "-"], "");
    assert!(alone.stderr.starts_with("dtap: exit status 3: nothing to judge"), "{}", alone.stderr);
}

#[test]
fn a_rule_that_is_asked_for_changes_what_is_shown_and_no_status() {
    let scan =
        |more: &[&str]| run(&[&["scan", "-q", "-o", "json"], more, &["examples/shop-as-found"]].concat(), &root());
    let json = |run: &Run| serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap();
    let (all, some) = (scan(&[]), scan(&["--rule", "par004", "--rule", "NET002"]));
    assert_eq!(all.status, some.status);
    let (all, some) = (json(&all), json(&some));
    let codes: Vec<&str> = some["findings"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect();
    assert_eq!(codes, ["NET002", "PAR004"]);
    assert_eq!(some["left_out"]["rules"], serde_json::json!(["NET002", "PAR004"]));
    assert_eq!(some["left_out"]["findings"], serde_json::json!({"errors": 1, "warnings": 0, "notes": 4}));
    assert_eq!((&all["left_out"], &all["outcome"]), (&serde_json::Value::Null, &some["outcome"]));
}

#[test]
fn a_path_without_a_name_is_named() {
    let told = run(&["scan", ""], shop_with(&[]).path());
    is(&told, 2);
    assert!(told.stderr.contains("'' does not exist"), "{}", told.stderr);
}

#[test]
fn what_is_production_by_a_label_says_by_which() {
    let archive = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop-archive, labels: {environment: archive, \
                   example.com/is-production: 'true'}}\n";
    let shop = shop_with(&[("archive.yaml", archive)]);
    let shown = run(&["scan", "."], shop.path()).stdout;
    assert!(shown.contains("production, too: archive (by label `example.com/is-production`)"), "{shown}");
    let json: serde_json::Value = serde_json::from_str(&run(&["scan", "-o", "json", "."], shop.path()).stdout).unwrap();
    let streets = json["streets"].as_array().unwrap().iter();
    let environments: Vec<&serde_json::Value> =
        streets.flat_map(|street| street["environments"].as_array().unwrap()).collect();
    let by = |stage: &str| &environments.iter().find(|it| it["stage"] == stage).unwrap()["production_by"];
    assert_eq!((by("archive"), by("prd")), (&"label `example.com/is-production`".into(), &serde_json::Value::Null));
}
