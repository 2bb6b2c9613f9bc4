//! Namespaces with a name that serves all, and whose they are by their folders.

use super::*;

#[test]
fn a_namespace_of_one_environments_folder_is_its_own_whatever_it_is_called() {
    let (dev, prd) = (namespace("shop-dev", ""), namespace("shop-prd", ""));
    let of = |name: &str, path: &str| {
        let own = namespace(name, "") + &policy("p", name, "{}");
        let snapshot = scan(&[("dev/x.yaml", &dev), ("prd/x.yaml", &prd), (path, &own)]);
        let found = namespaces(&snapshot).into_iter().find(|found| found.contains(&format!(":{name}="))).unwrap();
        found.rsplit('/').next().unwrap().rsplit('=').next().unwrap().to_owned()
    };
    for name in ["vault", "loki", "traefik", "rook-ceph"] {
        assert_eq!(of(name, "prd/y.yaml"), "prd", "{name}");
        assert_eq!(of(name, "all/y.yaml"), "Shared", "{name}");
    }
    // Every cluster has one, and it is the cluster's.
    assert_eq!(of("kube-system", "prd/y.yaml"), "Shared");
}

#[test]
fn a_namespace_that_serves_all_and_lies_in_several_environments_folders_serves_all() {
    let own = namespace("vault", "");
    let shop = |stage: &str| namespace(&format!("shop-{stage}"), "");
    let (dev, prd) = (shop("dev") + &own, shop("prd") + &own);
    let snapshot = scan(&[("dev/x.yaml", &dev), ("prd/x.yaml", &prd)]);
    assert!(namespaces(&snapshot).contains(&"cluster:vault=Shared".to_owned()), "{:?}", namespaces(&snapshot));
    // What lies there without the Namespace says nothing of whose that is.
    let (dev, prd) = (shop("dev"), shop("prd") + &policy("p", "vault", "{}"));
    let snapshot = scan(&[("dev/x.yaml", &dev), ("prd/x.yaml", &prd)]);
    assert!(namespaces(&snapshot).contains(&"cluster:vault=Shared".to_owned()), "{:?}", namespaces(&snapshot));
}
