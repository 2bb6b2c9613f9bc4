//! What `dtap reach` says to a person: ports in words, and what to type where an end is not there.

use crate::harness::{OPEN, Run, dtap, finish, folder, run, shop_with};

#[track_caller]
fn shows(run: &Run, parts: &[&str]) {
    let shown = format!("{}{}", run.stdout, run.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(shown.contains(part), "{part}:\n{}{}", run.stdout, run.stderr);
    }
}

#[test]
fn without_a_port_every_port_that_is_open_is_told() {
    let open = shop_with(&[("open.yaml", OPEN)]);
    shows(&run(&["reach", "dev:web", "prd:web"], open.path()), &["allowed dev:web → prd:web on any port because"]);
    shows(&run(&["reach", "dev:web", "prd:web:80"], open.path()), &["allowed dev:web → prd:web:80/TCP because"]);
    shows(&run(&["reach", "prd:web", "dev:web"], open.path()), &["denied prd:web → dev:web on any port because"]);
    shows(&run(&["reach", "prd:web", "dev:web:80"], open.path()), &["denied prd:web → dev:web:80/TCP because"]);
    let of_some =
        |ports: &str| shop_with(&[("open.yaml", &OPEN.replace("}]}]}\n---", &format!("}}], {ports}}}]}}\n---")))]);
    let tcp = of_some("ports: [{protocol: TCP}]");
    shows(&run(&["reach", "dev:web", "prd:web"], tcp.path()), &["allowed dev:web → prd:web on any TCP port"]);
    let one = of_some("ports: [{port: 443}]");
    shows(&run(&["reach", "dev:web", "prd:web"], one.path()), &["allowed dev:web → prd:web:443/TCP"]);
}

#[test]
fn the_json_tells_the_ports_as_the_screen_does() {
    let open = shop_with(&[("open.yaml", OPEN)]);
    for (to, port, opens) in [("prd:web", "1/TCP", "any port"), ("prd:web:80", "80/TCP", "80/TCP")] {
        let told = run(&["reach", "-o", "json", "dev:web", to], open.path()).stdout;
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!((&told["port"], &told["opens"]), (&port.into(), &opens.into()), "{to}");
    }
}

#[test]
fn an_end_in_what_was_not_read_is_told_with_what_to_install() {
    let shop = shop_with(&[
        ("base/kustomization.yaml", "resources: [api.yaml]\nnamespace: shop-dev\n"),
        ("base/api.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: api}\nspec: {containers: []}\n"),
    ]);
    for (from, what) in [("shop-dev/api", "workload api in namespace shop-dev"), ("api/api", "namespace api")] {
        let mut command = dtap(&["reach", from, "prd:web"], shop.path());
        command.env("PATH", "/nonexistent").env_remove("DTAP_KUSTOMIZE");
        let told = finish(command);
        assert_eq!(told.status, 2);
        shows(
            &told,
            &[
                &format!("error: there is no {what} in what was read"),
                "base: cannot be rendered: a program is missing",
                "= mend: install kustomize (or kubectl",
            ],
        );
    }
}

#[test]
fn a_misspelt_end_is_asked_about_and_what_there_is_is_listed() {
    let shop = shop_with(&[]);
    for (from, parts) in [
        ("shop-dve/web", ["there is no namespace shop-dve", "did you mean shop-dev? dtap scan -o json . lists"]),
        ("dve:web", ["there is no environment dve", "did you mean dev? dtap scan -o json . lists"]),
        ("shop-dev/wbe", ["there is no workload wbe in namespace shop-dev", "did you mean web? it holds web"]),
        ("dev:wbe", ["there is no workload wbe in environment dev", "did you mean web? it holds web"]),
        ("dev:database", ["there is no workload database in environment dev", "mend: it holds web"]),
        ("zzz/web", ["there is no namespace zzz", "there are shop-dev, shop-prd; dtap scan -o json . lists"]),
        ("dev/web", ["there is no namespace dev", "dev is an environment: dev:web"]),
        ("shop-dev:web", ["there is no environment shop-dev", "shop-dev is a namespace: shop-dev/web"]),
    ] {
        let told = run(&["reach", from, "prd:web", "."], shop.path());
        assert_eq!(told.status, 2);
        shows(&told, &parts);
    }
    let elsewhere = "apiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: shop-prd}\nspec: {containers: []}\n";
    let shop = shop_with(&[("api.yaml", elsewhere)]);
    shows(&run(&["reach", "shop-dev/api", "prd:web"], shop.path()), &["api is in namespace shop-prd"]);
}

#[test]
fn a_namespace_without_a_workload_says_so() {
    let empty = folder(&[("a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop-dev}\n")]);
    let told = run(&["reach", "shop-dev/web", "10.0.0.1"], empty.path());
    assert_eq!(told.status, 2);
    shows(&told, &["there is no workload web in namespace shop-dev", "it holds none"]);
}
