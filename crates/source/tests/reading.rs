//! Reads folders made for the purpose: each test says what one line of the account is for.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use dtap_snapshot::Reading;
use dtap_snapshot::reading::{NoticeKind, UnreadCause};
use dtap_source::{Allow, Globs, Request, read};
use std::fmt::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use tempfile::TempDir;

const BASE: &str = "resources: [deployment.yaml, service.yaml]\n";
const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 2\n  selector:\n    \
    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n      \
    - name: web\n        image: shop/web:1.0\n";
const SERVICE: &str =
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n";
const POLICY: &str =
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: deny\nspec:\n  podSelector: {}\n";

/// A folder with these files.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// A base with two files, and an overlay whose kustomization goes on as given.
fn overlay(rest: &str, more: &[(&str, &str)]) -> TempDir {
    let kustomization = format!("resources: [../../base]\n{rest}");
    let mut files = vec![
        ("base/kustomization.yaml", BASE),
        ("base/deployment.yaml", DEPLOYMENT),
        ("base/service.yaml", SERVICE),
        ("overlays/prd/kustomization.yaml", kustomization.as_str()),
    ];
    files.extend(more);
    tree(&files)
}

fn read_with(folder: &Path, paths: &[&str], exclude: &[&str], allow: Allow) -> Reading {
    let paths = paths.iter().map(|path| folder.join(path).to_str().unwrap().trim_end_matches('/').to_owned()).collect();
    let exclude: Vec<String> = exclude.iter().map(|glob| (*glob).to_owned()).collect();
    read(&Request { paths, exclude: Globs::parse(&exclude).unwrap(), allow })
}

fn read_all(folder: &TempDir) -> Reading {
    read_with(folder.path(), &[""], &[], Allow::default())
}

/// The account as a person could check it, with the temporary folder's name taken out.
fn account(folder: &TempDir, reading: &Reading) -> String {
    let mut text = String::new();
    let at = |place: &dtap_model::place::Place| {
        let source = reading.sources.get(place.source).unwrap();
        let at = source.line_column(place.span.start);
        format!("{}:{}:{}", source.name, at.line, at.column)
    };
    let account = &reading.account;
    writeln!(text, "{} files, {} documents, {} objects", account.files, account.documents, account.found).unwrap();
    for (what, count) in account.not_kubernetes.iter().chain(&account.left_out) {
        writeln!(text, "{count} {what}").unwrap();
    }
    for read in &reading.objects {
        let identity = &read.object.identity;
        let name = at(&read.object.cite_name());
        writeln!(text, "object {} {} of {} named at {name}", identity.kind, identity.name, read.context.path).unwrap();
    }
    for notice in &reading.notices {
        let places: Vec<String> = notice.places.iter().map(at).collect();
        let what = match &notice.kind {
            NoticeKind::OverrideWithoutEffect { what, .. } => what.clone(),
            NoticeKind::UnusedPatch { .. } => "unused patch".to_owned(),
            other => format!("{other:?}"),
        };
        writeln!(text, "notice {what} at {}", places.join(", ")).unwrap();
    }
    for unread in &reading.unread {
        let place = unread.place.as_ref().map(|place| format!(" at {}", at(place))).unwrap_or_default();
        let hint = unread.hint.as_deref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        writeln!(text, "unread {:?} {}: {}{place}{hint}", unread.cause, unread.name, unread.why).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    let name = folder.path().file_name().unwrap().to_str().unwrap();
    text.replace(&format!("{path}/"), "").replace(path, ".").replace(&format!("{name}/"), "")
}

/// The one thing unread, as `name: why`.
fn only_unread(folder: &TempDir, reading: &Reading) -> String {
    let [unread] = reading.unread.as_slice() else { panic!("{:#?}", reading.unread) };
    let text = format!("{}: {}", unread.name, unread.why);
    text.replace(&format!("{}/", folder.path().display()), "")
}

fn overrides(reading: &Reading) -> Vec<&str> {
    let what = |notice: &dtap_snapshot::Notice| notice.kind.clone();
    let kinds = reading.notices.iter().map(what);
    assert!(kinds.into_iter().all(|kind| matches!(kind, NoticeKind::OverrideWithoutEffect { .. })));
    let what = reading.notices.iter().filter_map(|notice| match &notice.kind {
        NoticeKind::OverrideWithoutEffect { what, .. } => Some(what.as_str()),
        _ => None,
    });
    what.collect()
}

#[test]
fn everything_read_is_accounted_for() {
    let folder = overlay(
        "namePrefix: prd-\npatches: [{path: same.yaml}]\nconfigMapGenerator: [{name: settings, literals: [a=b]}]\n",
        &[
            (
                "overlays/prd/same.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n",
            ),
            (
                "overlays/prd/old-patch.yaml",
                "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: web}\nspec: {replicas: 5}\n",
            ),
            ("overlays/prd/forgotten.yaml", SERVICE),
            ("overlays/prd/deny.yaml", POLICY),
            ("jobs/by-hand.yaml", SERVICE),
            ("compose.yaml", "services:\n  web:\n    image: web\n"),
            ("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
            ("chart/values.yaml", "a: b\n"),
            ("chart/templates/web.yaml", "{{ if .Values.a }}\n"),
            (".gitignore", "ignored/\n"),
            ("ignored/service.yaml", SERVICE),
            ("jobs/.chainsaw-test/resources/service.yaml", SERVICE),
        ],
    );
    insta::assert_snapshot!(account(&folder, &read_all(&folder)), @r"
    11 files, 5 documents, 4 objects
    1 compose file
    1 values file
    1 .gitignore
    1 file of a test (Chainsaw, Kyverno)
    1 manifest that no kustomization uses
    object Service web of jobs/by-hand.yaml named at jobs/by-hand.yaml:4:9
    object ConfigMap prd-settings-4h2mbtbbt6 of overlays/prd named at overlays/prd:6:9
    object Service prd-web of overlays/prd named at base/service.yaml:4:9
    object Deployment.apps prd-web of overlays/prd named at base/deployment.yaml:4:9
    notice unused patch at overlays/prd/old-patch.yaml:1:1
    notice the patch of Deployment web says what the base says at overlays/prd/same.yaml:1:1, overlays/prd/kustomization.yaml:3:11
    unread Kustomize overlays/prd/deny.yaml: holds a policy and no kustomization uses it: whether it is applied cannot be told at overlays/prd/deny.yaml:1:1 (list it under `resources`, or leave it out with --exclude)
    unread Chart chart: is a helm chart, which is recognised and not rendered (read what it renders to in its stead: helm template NAME CHART -f VALUES | dtap scan PATH - --exclude FOLDER, the chart's as it is called from PATH on)
    ");
}

#[test]
fn a_patch_below_a_kustomization_is_no_object_and_a_manifest_there_is_one() {
    let set = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: web, annotations: {a: b}}\n";
    let part = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n";
    let folder = overlay(
        "",
        &[
            ("overlays/prd/patches/wave.yaml", set),
            ("overlays/prd/later/replicas.yaml", part),
            ("overlays/prd/later/set.yaml", set),
            ("overlays/prd/by-hand/policy.yaml", POLICY),
            ("overlays/prd/patches/policy.yaml", POLICY),
            ("elsewhere/patches/wave.yaml", set),
        ],
    );
    let told = account(&folder, &read_all(&folder));
    let lines: Vec<&str> = told.lines().filter(|line| line.contains("patch") || line.contains("prd/")).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    object ApplicationSet.argoproj.io web of elsewhere/patches/wave.yaml named at elsewhere/patches/wave.yaml:3:18
    object ApplicationSet.argoproj.io web of overlays/prd/later/set.yaml named at overlays/prd/later/set.yaml:3:18
    notice unused patch at overlays/prd/later/replicas.yaml:1:1
    notice unused patch at overlays/prd/patches/wave.yaml:1:1
    unread Kustomize overlays/prd/by-hand/policy.yaml: holds a policy and no kustomization uses it: whether it is applied cannot be told at overlays/prd/by-hand/policy.yaml:1:1 (list it under `resources`, or leave it out with --exclude)
    unread Kustomize overlays/prd/patches/policy.yaml: holds a policy and no kustomization uses it: whether it is applied cannot be told at overlays/prd/patches/policy.yaml:1:1 (list it under `resources`, or leave it out with --exclude)
    ");
}

#[test]
fn a_base_and_its_overlays_are_read_once_each_overlay() {
    let folder = overlay("", &[("overlays/dev/kustomization.yaml", "resources: [../../base]\n")]);
    let reading = read_all(&folder);
    assert_eq!((reading.account.files, reading.objects.len()), (5, 4));
    let contexts: Vec<&str> =
        reading.objects.iter().map(|read| read.context.path.rsplit('/').next().unwrap()).collect();
    assert_eq!(contexts, ["dev", "dev", "prd", "prd"]);
    assert!(reading.objects.iter().all(|read| read.object.template.is_some() && read.context.rendered));
    // Its overlay alone, with the base outside of what was named, reads the same.
    let alone = read_with(folder.path(), &["overlays/prd"], &[], Allow::default());
    assert_eq!(alone.objects.len(), 2);
    let base = read_with(folder.path(), &["base"], &[], Allow::default());
    assert_eq!(base.objects.len(), 2);
}

#[test]
fn overlapping_paths_are_read_once() {
    let folder = tree(&[("a/one.yaml", SERVICE), ("b.yaml", SERVICE)]);
    let reading = read_with(folder.path(), &["a/one.yaml", "", "a"], &[], Allow::default());
    assert_eq!((reading.account.files, reading.objects.len()), (2, 2));
    assert_eq!(reading.objects.iter().map(|read| read.context.input).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_named_path_that_does_not_exist_is_told_and_the_rest_is_read() {
    let folder = tree(&[("a.yaml", SERVICE)]);
    let reading = read_with(folder.path(), &["nothing", "a.yaml"], &[], Allow::default());
    assert_eq!(reading.missing, [folder.path().join("nothing").to_str().unwrap()]);
    assert_eq!(reading.objects.len(), 1);
    assert_eq!(only_unread(&folder, &reading), "nothing: cannot be opened: it does not exist");
}

#[test]
fn a_file_named_by_the_user_is_read_whatever_its_extension() {
    let folder = tree(&[("a.txt", SERVICE), ("b.tmpl", SERVICE)]);
    assert_eq!(read_with(folder.path(), &["a.txt"], &[], Allow::default()).objects.len(), 1);
    assert_eq!(read_all(&folder).objects.len(), 0);
}

#[test]
fn what_is_no_manifest_by_its_name_is_counted_and_templates_are_unread() {
    let folder = tree(&[("policies.yaml.j2", POLICY), ("notes.txt", "x"), ("a/y.yaml", SERVICE)]);
    let reading = read_all(&folder);
    assert_eq!(reading.account.left_out, [("neither YAML nor JSON by its name".to_owned(), 1)]);
    assert_eq!(reading.unread.first().map(|unread| unread.cause), Some(UnreadCause::Template));
    assert!(only_unread(&folder, &reading).starts_with("policies.yaml.j2: is a template"));
}

#[test]
fn gitignore_holds_outside_a_repository_and_above_the_folder_named_within_one() {
    let folder = tree(&[(".gitignore", "x.yaml\n"), ("a/x.yaml", SERVICE), ("a/y.yaml", SERVICE)]);
    let reading = read_all(&folder);
    assert_eq!(reading.account.left_out, [(".gitignore".to_owned(), 1)]);
    // Outside a repository a file above what was named has no say.
    assert_eq!(read_with(folder.path(), &["a"], &[], Allow::default()).objects.len(), 2);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(read_with(folder.path(), &["a"], &[], Allow::default()).objects.len(), 1);
}

#[test]
fn sourceignore_is_heeded_where_it_lies_and_above_the_folder_named_within_a_repository() {
    let folder =
        tree(&[(".sourceignore", "/a\n"), ("a/x.yaml", SERVICE), ("a/b/.sourceignore", "*"), ("a/b/y.yaml", "")]);
    let told = |typed: &str| -> Vec<(String, String, String)> {
        let reading = read_with(folder.path(), &[typed], &[], Allow::default());
        let root = folder.path().to_string_lossy().into_owned();
        let short = |name: String| name.replace(&root, "").trim_matches('/').to_owned();
        reading.source_ignores.into_iter().map(|it| (short(it.folder), it.inside, it.text)).collect()
    };
    let row = |folder: &str, inside: &str, text: &str| (folder.to_owned(), inside.to_owned(), text.to_owned());
    assert_eq!(told(""), [row("", "", "/a\n"), row("a/b", "", "*")]);
    assert_eq!(told("a"), [row("a/b", "", "*")]);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(told("a"), [row("a", "a", "/a\n"), row("a/b", "", "*")]);
    assert_eq!(read_all(&folder).account.left_out, [], "it is heeded, not left out");
}

#[test]
fn a_sourceignore_that_is_a_link_is_followed_as_flux_does_and_one_that_cannot_be_read_is_told() {
    let outside = tree(&[("ignore", "/x\n")]);
    let folder = tree(&[("lists/ignore", "/a\n"), ("a/x.yaml", SERVICE), ("b/y.yaml", SERVICE), ("c/z.yaml", SERVICE)]);
    symlink("lists/ignore", folder.path().join(".sourceignore")).unwrap();
    symlink(outside.path().join("ignore"), folder.path().join("b/.sourceignore")).unwrap();
    std::fs::write(folder.path().join("c/.sourceignore"), [0xff, 0xfe, 0x00, 0xd8]).unwrap();
    let told = |typed: &str| {
        let reading = read_with(folder.path(), &[typed], &[], Allow::default());
        let texts: Vec<String> = reading.source_ignores.into_iter().map(|it| it.text).collect();
        let root = format!("{}/", folder.path().to_string_lossy());
        let unread: Vec<String> = reading.unread.into_iter().map(|it| it.name.replace(&root, "")).collect();
        (texts, unread)
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(told(""), (texts(&["*", "/a\n"]), texts(&["b/.sourceignore", "c/.sourceignore"])));
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(told("a"), (texts(&["/a\n"]), vec![]));
    std::fs::remove_file(folder.path().join(".sourceignore")).unwrap();
    symlink(outside.path().join("ignore"), folder.path().join(".sourceignore")).unwrap();
    assert_eq!(told("a"), (vec![], texts(&[".sourceignore"])));
}

#[test]
fn excluded_globs_are_counted() {
    let folder = tree(&[("tests/x.yaml", SERVICE), ("a/y.yaml", SERVICE), ("a/z.yaml", SERVICE)]);
    let reading = read_with(folder.path(), &[""], &["tests", "*z.yaml"], Allow::default());
    assert_eq!(reading.account.left_out, [("--exclude".to_owned(), 2)]);
    assert_eq!(reading.objects.len(), 1);
    for glob in ["a[", "[z-a]", "{a"] {
        assert_eq!(Globs::parse(&["b".to_owned(), glob.to_owned()]).unwrap_err().0, glob, "refused, not dropped");
    }
    let anchored = read_with(folder.path(), &["a", ""], &["/y.yaml", "/tests/x.yaml"], Allow::default());
    assert_eq!(anchored.account.left_out, [("--exclude".to_owned(), 2)], "from each folder that was named on");
}

#[test]
fn links_that_lead_nowhere_outside_or_in_a_ring_are_one_line_each() {
    let outside = tree(&[("secret.yaml", SERVICE)]);
    let folder = tree(&[("a/x.yaml", SERVICE)]);
    symlink(folder.path(), folder.path().join("a/loop")).unwrap();
    symlink("nowhere.yaml", folder.path().join("broken.yaml")).unwrap();
    symlink(outside.path(), folder.path().join("out")).unwrap();
    symlink("a", folder.path().join("again")).unwrap();
    let reading = read_all(&folder);
    assert_eq!(reading.objects.len(), 1);
    let told: Vec<&str> = reading.unread.iter().map(|unread| unread.why.as_str()).collect();
    let expected = [
        "is a link to a folder that it is in: following it would never end",
        "is a link to something that does not exist",
        "is a link to something outside the folder that is read",
    ];
    assert_eq!(told, expected);
    let allow = Allow { outside: true, ..Allow::default() };
    assert_eq!(read_with(folder.path(), &[""], &[], allow).objects.len(), 2);
}

#[test]
fn pipes_and_bytes_that_are_no_text_do_not_stop_the_reading() {
    let folder = tree(&[("a.yaml", SERVICE)]);
    std::fs::write(folder.path().join("b.yaml"), b"a: \xff\n").unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("c.yaml")).status().unwrap();
    assert!(made.success());
    let reading = read_all(&folder);
    assert_eq!(reading.objects.len(), 1);
    let mut told: Vec<&str> = reading.unread.iter().map(|unread| unread.why.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, ["is a named pipe, not a file", "is no UTF-8 text (byte 3)"]);
}

#[test]
fn ten_thousand_files_are_read_within_a_minute() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..10_000 {
        std::fs::write(folder.path().join(format!("{number}.yaml")), SERVICE).unwrap();
    }
    let start = std::time::Instant::now();
    assert_eq!(read_all(&folder).objects.len(), 10_000);
    assert!(start.elapsed() < std::time::Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn remote_bases_are_recognised_and_nothing_runs() {
    for address in ["https://host.example/base?ref=v1", "github.com/a/b", "git@host.example:a/b", "host.example/a/b"] {
        let folder = overlay(&format!("components: ['{address}']\n"), &[]);
        let reading = read_all(&folder);
        assert_eq!(only_unread(&folder, &reading), "overlays/prd: uses a remote base, which is not fetched");
        let unread = reading.unread.first().unwrap();
        assert_eq!(unread.hint.as_deref(), Some("--allow remote fetches it"));
        assert_eq!(unread.cause, UnreadCause::Kustomize);
        assert!(unread.place.is_some() && reading.objects.is_empty());
    }
}

#[test]
fn a_generator_without_its_file_says_which_and_what_to_do() {
    let folder = overlay("secretGenerator: [{name: env, envs: [.env]}]\n", &[]);
    let reading = read_all(&folder);
    let expected = "overlays/prd: generates an object from overlays/prd/.env, which does not exist";
    assert_eq!(only_unread(&folder, &reading), expected);
}

#[test]
fn files_outside_a_root_are_read_only_where_allowed() {
    let folder = tree(&[("prd/kustomization.yaml", "resources: [../web.yaml]\n"), ("web.yaml", SERVICE)]);
    let reading = read_all(&folder);
    assert!(only_unread(&folder, &reading).contains("security; file"), "{}", only_unread(&folder, &reading));
    assert_eq!(reading.unread.first().unwrap().hint.as_deref(), Some("--allow outside reads it"));
    let open = read_with(folder.path(), &[""], &[], Allow { outside: true, ..Allow::default() });
    assert_eq!((open.objects.len(), open.unread.len()), (1, 0));
}

#[test]
fn helm_is_not_run_and_its_chart_is_told_once() {
    let folder = overlay(
        "helmCharts: [{name: web, releaseName: web}]\n",
        &[("overlays/prd/charts/web/Chart.yaml", "apiVersion: v2\nname: web\n")],
    );
    assert_eq!(only_unread(&folder, &read_all(&folder)), "overlays/prd: inflates a helm chart, which is not run");
    let generator = "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: x}\nname: web\n";
    let folder = overlay("generators: [chart.yaml]\n", &[("overlays/prd/chart.yaml", generator)]);
    assert_eq!(only_unread(&folder, &read_all(&folder)), "overlays/prd: inflates a helm chart, which is not run");
}

#[test]
fn kustomizations_in_a_ring_are_told() {
    let folder =
        tree(&[("a/kustomization.yaml", "resources: [../b]\n"), ("b/kustomization.yaml", "resources: [../a]\n")]);
    assert_eq!(
        only_unread(&folder, &read_all(&folder)),
        "a: uses itself: a ▸ b ▸ a".replace("a ▸ b ▸ a", &{
            let path = folder.path().display();
            format!("{path}/a ▸ {path}/b ▸ {path}/a").replace(&format!("{path}/"), "")
        })
    );
}

/// Overlays `dev` and `prd` of one base, and one that builds on `prd` and goes on as given; what is told of them.
fn built_on(rest: &str, more: &[(&str, &str)]) -> Vec<String> {
    let mut files = vec![
        ("overlays/dev/kustomization.yaml", "resources: [../../base]\nnamespace: shop-dev\n"),
        ("overlays/upper/kustomization.yaml", rest),
        ("overlays/upper/deny.yaml", POLICY),
    ];
    files.extend(more);
    let folder = overlay("namespace: shop-prd\n", &files);
    let reading = read_all(&folder);
    let parts = reading.unread.iter().filter(|unread| unread.cause == UnreadCause::Part);
    let told = parts.map(|unread| format!("{}: {}", unread.name, unread.why));
    told.map(|line| line.replace(&format!("{}/", folder.path().display()), "")).collect()
}

#[test]
fn an_overlay_that_another_changes_is_told_where_it_may_be_applied_alone() {
    let told = |which: &str, how: &str| {
        vec![format!(
            "{which}: {how} applied by itself, too, and overlays/upper builds on it and changes it: it is read only as \
             a part of that"
        )]
    };
    let nothing: Vec<String> = Vec::new();
    assert_eq!(built_on("resources: [../prd, deny.yaml]\n", &[]), told("overlays/prd", "may be"));
    assert_eq!(built_on("resources: [../prd]\nnamePrefix: eu-\n", &[]), told("overlays/prd", "may be"));
    assert_eq!(built_on("resources: [../prd, ../dev]\n", &[]), nothing, "nothing is changed");
    assert_eq!(built_on("resources: [../../base, deny.yaml]\n", &[]), nothing, "a base is no environment");
    let flux =
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec: {path: ./base}\n";
    let argo =
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {source: {path: base}}\n";
    for tool in [flux, argo] {
        let said = built_on("resources: [../../base, deny.yaml]\n", &[("tool.yaml", tool)]);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("base: is applied by itself, too"), "{said:?}");
    }
    let within = [("overlays/prd/qa/kustomization.yaml", "resources: [../../../base/service.yaml]\n")];
    assert_eq!(built_on("resources: [../prd/qa]\n", &within), nothing);
}

#[test]
fn a_component_that_nothing_uses_matters_where_it_holds_a_policy() {
    let component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [a.yaml]\n";
    let with = |text: &str| {
        let folder = overlay("", &[("extra/kustomization.yaml", component), ("extra/a.yaml", text)]);
        let reading = read_all(&folder);
        let counted = reading.account.left_out.iter().find(|(what, _)| what.contains("component"));
        (reading.unread.len(), counted.map(|(_, count)| *count))
    };
    assert_eq!(with(SERVICE), (0, Some(1)));
    assert_eq!(with(POLICY), (1, None));
}

#[test]
fn a_policy_that_nothing_lists_concerns_the_namespace_that_it_names() {
    let of = |namespaces: &[&str]| {
        let named =
            |name: &&str| POLICY.replace("  name: deny", &format!("  name: deny\n  namespace: {name}")) + "---\n";
        let text: String = namespaces.iter().map(named).collect();
        read_all(&overlay("", &[("overlays/prd/more/a.yaml", &text)])).unread.remove(0).namespace
    };
    assert_eq!(of(&["shop-prd", "shop-prd"]).as_deref(), Some("shop-prd"));
    assert_eq!(of(&["shop-prd", "shop-dev"]), None);
}

#[test]
fn what_a_test_of_kyverno_compares_with_is_no_object() {
    let test = "apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nmetadata: {name: t}\npolicies: [../p.yaml]\n\
                resources: [../r/in.yaml]\nresults: [{generatedResource: ../r/out.yaml}]\n";
    let folder = tree(&[
        ("a/.kyverno-test/kyverno-test.yaml", test),
        ("a/p.yaml", POLICY),
        ("a/r/in.yaml", SERVICE),
        ("a/r/out.yaml", SERVICE),
        ("a/r/other.yaml", SERVICE),
    ]);
    let reading = read_all(&folder);
    assert_eq!(reading.objects.len(), 2, "the policy that is tested, and what no test names");
    assert!(reading.account.left_out.iter().any(|(what, count)| what.contains("of a test") && *count == 3));
}

#[test]
fn an_ending_in_capitals_is_told() {
    let folder = tree(&[("a.YAML", POLICY), ("b.yaml", SERVICE)]);
    let reading = read_all(&folder);
    assert!(only_unread(&folder, &reading).starts_with("a.YAML: has an ending in capitals"));
    assert_eq!(read_with(folder.path(), &["a.YAML"], &[], Allow::default()).objects.len(), 1, "named, it is read");
}

#[test]
fn a_packaged_chart_is_told_but_for_one_that_is_vendored() {
    let folder = tree(&[
        ("web-1.2.3.tgz", ""),
        ("notes-2.tgz", ""),
        ("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("chart/charts/db-1.0.0.tgz", ""),
    ]);
    let reading = read_all(&folder);
    let names: Vec<&str> = reading.unread.iter().map(|unread| unread.name.rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["web-1.2.3.tgz", "chart"]);
    assert!(reading.unread.iter().all(|unread| unread.cause == UnreadCause::Chart));
}

#[test]
fn a_kustomization_that_is_no_yaml_has_its_place() {
    let folder = overlay("", &[("base/kustomization.yaml", "resources: [a\nb: {\n")]);
    let reading = read_all(&folder);
    assert!(only_unread(&folder, &reading).starts_with("overlays/prd: base/kustomization.yaml is no YAML: "));
    assert!(reading.unread.first().unwrap().place.is_some());
}

#[test]
fn a_refusal_of_kustomize_is_one_line_without_contents() {
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: nobody}\nspec: {password: hunter2}\n";
    let folder = overlay("patches: [{path: p.yaml}]\n", &[("overlays/prd/p.yaml", patch)]);
    let told = only_unread(&folder, &read_all(&folder));
    assert!(told.starts_with("overlays/prd: did not render: ") && told.contains("nobody"), "{told}");
    assert!(!told.contains('\n') && !told.contains("hunter2") && told.len() < 400, "{told}");
}

#[test]
fn overrides_that_say_what_the_base_says_change_nothing() {
    let same = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      \
        containers: [{name: web, image: 'shop/web:1.0'}]\n";
    let folder = overlay("patches: [{path: p.yaml}]\n", &[("overlays/prd/p.yaml", same)]);
    assert_eq!(overrides(&read_all(&folder)), ["the patch of Deployment web says what the base says"]);
    let folder = overlay("replicas: [{name: web, count: 2}]\nimages: [{name: shop/web, newTag: '1.0'}]\n", &[]);
    let expected =
        ["the image shop/web:1.0 is what the base has", "the number of replicas of web is what the base has"];
    assert_eq!(overrides(&read_all(&folder)), expected);
    let operation =
        "patches:\n- target: {kind: Deployment}\n  patch: |-\n    - {op: replace, path: /spec/replicas, value: 2}\n";
    assert_eq!(overrides(&read_all(&overlay(operation, &[]))), ["the patch of Deployment says what the base says"]);
}

#[test]
fn overrides_that_match_nothing_change_nothing() {
    let folder = overlay("images: [{name: shop/api, newTag: '2'}]\n", &[]);
    assert_eq!(overrides(&read_all(&folder)), ["no object has the image shop/api"]);
    let patch =
        "patches:\n- target: {kind: StatefulSet, name: .*}\n  patch: |-\n    - {op: remove, path: /spec/replicas}\n";
    assert_eq!(overrides(&read_all(&overlay(patch, &[]))), ["the patch of StatefulSet .* matches no object"]);
}

#[test]
fn overrides_with_an_effect_are_not_reported() {
    let again = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n";
    // A component below changes the number first: to say the base's number again undoes that.
    let component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- target: {kind: Deployment}\n  \
        patch: |-\n    - {op: replace, path: /spec/replicas, value: 9}\n";
    let folder = overlay(
        "components: [../../nine]\npatches: [{path: p.yaml}]\n",
        &[("nine/kustomization.yaml", component), ("overlays/prd/p.yaml", again)],
    );
    assert_eq!(overrides(&read_all(&folder)), Vec::<&str>::new());
    let changing = [
        "images: [{name: shop/web, newTag: '1.1'}]\n",
        "replicas: [{name: web, count: 3}]\n",
        "patches:\n- target: {kind: Deployment, name: w.b}\n  patch: |-\n    - {op: replace, path: /spec/replicas, value: 3}\n",
        "patches:\n- target: {kind: Service}\n  patch: |-\n    - {op: add, path: /spec/ports/0, value: {port: 80}}\n",
        "configMapGenerator: [{name: c, literals: [a=b]}]\npatches:\n- target: {kind: ConfigMap}\n  patch: |-\n    \
         - {op: add, path: /data/x, value: 'y'}\n",
    ];
    for rest in changing {
        let folder = overlay(rest, &[]);
        let reading = read_all(&folder);
        assert_eq!((overrides(&reading), reading.unread.len()), (Vec::<&str>::new(), 0), "{rest}");
    }
}

#[test]
fn the_order_depends_on_the_input_alone() {
    let folder =
        overlay("", &[("z.yaml", SERVICE), ("a.yaml", SERVICE), ("dev/kustomization.yaml", "resources: [../base]\n")]);
    let first = account(&folder, &read_all(&folder));
    assert_eq!(account(&folder, &read_all(&folder)), first);
}

#[test]
fn a_flux_kustomization_is_a_manifest() {
    let flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\nspec: {path: ./apps}\n";
    let folder = tree(&[("flux/kustomization.yaml", flux)]);
    assert_eq!(read_all(&folder).objects.len(), 1);
}
