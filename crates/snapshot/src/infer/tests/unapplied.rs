//! Policies that lie among what deployment tools apply, and may not be applied.

use super::*;
use crate::reading::SourceIgnore;

/// The names of the objects that may not be applied.
fn idle(texts: &[(&str, &str)]) -> Vec<String> {
    let snapshot = snapshot(reading(texts), &Corrections::default());
    let name = |at: &usize| snapshot.objects[*at].object.identity.name.to_string();
    snapshot.unapplied.keys().map(name).collect()
}

#[test]
fn objects_of_any_kind_may_not_be_applied() {
    let tool = argo("path: apps/web");
    let thing =
        |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: web-prd}}\n");
    let (web, library) = (thing("web"), thing("library"));
    let texts = [("r/argo/apps.yaml", tool.as_str()), ("r/apps/web/c.yaml", &web), ("r/apps/library/c.yaml", &library)];
    assert_eq!(idle(&texts), ["library"]);
    assert_eq!(idle(&texts[1..]), [""; 0]);
}

/// The folders of which it is not known whether their policies are applied, each with the namespace that leaves open.
fn open(texts: &[(&str, &str)], ignores: &[(&str, &str)]) -> Vec<String> {
    let mut reading = reading(texts);
    for (folder, text) in ignores {
        let (inside, folder) = folder.split_once('>').unwrap_or(("", folder));
        let [folder, inside, text] = [folder, inside, text].map(str::to_owned);
        reading.source_ignores.push(SourceIgnore { folder, inside, text });
    }
    told(&snapshot(reading, &Corrections::default()))
}

fn told(snapshot: &Snapshot) -> Vec<String> {
    let unapplied = snapshot.hidden.iter().filter(|gap| gap.what.ends_with("whether it is applied is not known"));
    let name = |gap: &crate::snapshot::Gap| match gap.reach {
        Reach::Namespace(id) => snapshot.namespace(id).unwrap().name.clone(),
        other => format!("{other:?}"),
    };
    unapplied.map(|gap| format!("{} {}", gap.what.split(' ').next().unwrap_or_default(), name(gap))).collect()
}

fn deny(namespace: &str) -> String {
    policy("deny", namespace, "{}")
}

fn argo(source: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: a, namespace: argocd}}\n\
         spec: {{source: {{{source}}}}}\n---\n"
    )
}

fn set(generator: &str, path: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {{name: a, namespace: argocd}}\n\
         spec: {{generators: [{generator}], template: {{spec: {{source: {{path: '{path}'}}}}}}}}\n---\n"
    )
}

fn flux(path: &str, ignore: &str) -> String {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: k, namespace: flux}}\n\
         spec: {{path: {path}, sourceRef: {{kind: GitRepository, name: g}}}}\n---\n\
         apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: g, namespace: flux}}\n\
         spec: {{ignore: \"{ignore}\"}}\n---\n"
    )
}

/// What is open of a repository with policies in `apps/web`, `apps/db`, `apps` and at the top.
fn of(tools: &str) -> Vec<String> {
    let (web, db, apps, top) = (deny("web-prd"), deny("db-prd"), deny("apps-prd"), deny("top-prd"));
    let texts = [
        ("r/argo/apps.yaml", tools),
        ("r/apps/web/p.yaml", &web),
        ("r/apps/db/p.yaml", &db),
        ("r/apps/p.yaml", &apps),
        ("r/p.yaml", &top),
    ];
    open(&texts, &[])
}

#[test]
fn without_tools_everything_counts_as_applied() {
    assert_eq!(of(""), [""; 0]);
    assert_eq!(of(&argo("path: elsewhere")), [""; 0], "of a folder that is not in the input nothing is beside");
}

#[test]
fn folders_beside_those_that_a_tool_names() {
    assert_eq!(of(&argo("path: apps/web")), ["r top-prd", "r/apps apps-prd", "r/apps/db db-prd"]);
    assert_eq!(of(&(argo("path: apps/web") + &argo("path: apps/db"))), ["r top-prd", "r/apps apps-prd"]);
    assert_eq!(of(&flux("./apps/web", "")), ["r top-prd", "r/apps apps-prd", "r/apps/db db-prd"]);
    assert_eq!(of(&flux("./apps", "")), ["r top-prd"]);
    let (app, web, beside) = (argo("path: apps/web"), deny("web-prd"), deny("x-prd"));
    let both = app.clone() + &beside;
    let texts = [("r/apps/web/p.yaml", web.as_str()), ("r/apps/app.yaml", &both)];
    assert_eq!(open(&texts, &[]), [""; 0], "who applies the Application applies what stands with it");
    let texts = [("r/apps/web/p.yaml", web.as_str()), ("r/apps/app.yaml", &app), ("r/apps/p.yaml", &beside)];
    assert_eq!(open(&texts, &[]), ["r/apps x-prd"]);
    assert_eq!(idle(&texts), [""; 0], "of other kinds all beside the Application is");
}

#[test]
fn policies_that_no_tool_names_wherever_they_lie() {
    let (app, web, other) = (argo("path: apps/web"), deny("web-prd"), deny("x-prd"));
    for file in ["r/p.yaml", "r/pol/p.yaml", "r/archive/2020/pol/p.yaml", "r/argo/p.yaml"] {
        let texts = [("r/argo/apps.yaml", app.as_str()), ("r/apps/web/p.yaml", &web), (file, &other)];
        let folder = file.rsplit_once('/').unwrap().0;
        assert_eq!(open(&texts, &[]), [format!("{folder} x-prd")], "{file}");
        assert_eq!(idle(&texts), [""; 0], "{file}");
    }
}

#[test]
fn argo_takes_no_folders_below_its_own_unless_told() {
    assert_eq!(of(&argo("path: apps")), ["r top-prd", "r/apps/db db-prd", "r/apps/web web-prd"]);
    assert_eq!(of(&argo("path: apps, directory: {recurse: false}")).len(), 3);
    assert_eq!(of(&argo("path: apps, directory: {recurse: true}")), ["r top-prd"]);
    for top in [".", "./", "''"] {
        let below = ["r/apps apps-prd", "r/apps/db db-prd", "r/apps/web web-prd"];
        assert_eq!(of(&argo(&format!("path: {top}"))), below, "{top}");
        assert_eq!(of(&argo(&format!("path: {top}, directory: {{recurse: true}}"))), [""; 0], "{top}");
    }
}

#[test]
fn sets_over_folders_files_and_lists() {
    let folders = |list: &str| set(&format!("{{git: {{directories: [{list}]}}}}"), "{{path}}");
    assert_eq!(of(&folders("{path: apps/*}")), ["r top-prd", "r/apps apps-prd"]);
    assert_eq!(of(&folders("{path: 'apps/w*'}")), ["r top-prd", "r/apps apps-prd", "r/apps/db db-prd"]);
    assert_eq!(
        of(&folders("{path: apps/*}, {path: apps/db, exclude: true}")),
        ["r top-prd", "r/apps apps-prd", "r/apps/db db-prd"]
    );
    let dotted = set("{git: {directories: [{path: apps/*}]}}", "apps/{{ .path.basename }}");
    assert_eq!(of(&dotted), ["r top-prd", "r/apps apps-prd"]);
    let files = set("{git: {files: [{path: '**/web/config.json'}]}}", "{{path}}");
    assert_eq!(of(&files), ["r top-prd", "r/apps apps-prd", "r/apps/db db-prd"]);
    let list = set("{list: {elements: [{app: web}]}}", "apps/{{app}}");
    assert_eq!(of(&list), ["r top-prd", "r/apps apps-prd", "r/apps/db db-prd"]);
    let values = "{clusters: {values: {root: apps, app: web}}}";
    let by_values = "{{values.root}}/{{.values.app}}";
    assert_eq!(of(&set(values, by_values)), ["r top-prd", "r/apps apps-prd", "r/apps/db db-prd"]);
    let merge = format!(
        "{{merge: {{mergeKeys: [name], generators: [{values}, {{list: {{elements: [{{name: a, values.app: db}}]}}}}]}}}}"
    );
    assert_eq!(of(&set(&merge, by_values)), ["r top-prd", "r/apps apps-prd"]);
    let matrix = "{matrix: {generators: [{list: {elements: [{app: web}]}}, {git: {directories: [{path: ap*}]}}]}}";
    assert_eq!(of(&set(matrix, "{{path}}/{{app}}")), ["r top-prd", "r/apps apps-prd", "r/apps/db db-prd"]);
    assert_eq!(
        of(&set("{clusters: {}}", "apps/{{name}}")),
        ["r top-prd", "r/apps apps-prd"],
        "what fills it in is not said"
    );
}

#[test]
fn flux_takes_manifests_by_their_ending_and_what_a_kustomization_makes() {
    let (tool, web, other) = (flux("./apps", ""), deny("web-prd"), deny("x-prd"));
    let of = |file: &str| open(&[("r/k.yaml", &tool), ("r/apps/web/", &web), (file, &other)], &[]);
    assert_eq!(of("r/apps/db/p.json"), ["r/apps/db x-prd"]);
    assert_eq!(of("r/apps/db/p.yml"), [""; 0]);
    assert_eq!(of("r/apps/db/"), [""; 0]);
    assert_eq!(of("r/apps/web/sub/"), ["r/apps/web/sub x-prd"], "the kustomization above does not take it");
    assert_eq!(of("r/apps/web/sub/p.yaml"), ["r/apps/web/sub x-prd"]);
    let above = flux("./apps/web/sub", "");
    assert_eq!(
        open(&[("r/k.yaml", &above), ("r/apps/web/", &web), ("r/apps/web/sub/", &other)], &[]),
        ["r/apps/web web-prd"]
    );
}

#[test]
fn what_flux_is_told_to_leave_out() {
    let left = |ignore: &str| of(&flux("./apps", ignore));
    assert_eq!(left("/apps/db"), ["r top-prd", "r/apps/db db-prd"]);
    assert_eq!(left("db"), ["r top-prd", "r/apps/db db-prd"]);
    assert_eq!(left("/*\\n!/apps"), ["r top-prd"]);
    assert_eq!(left("!/apps/db/p.yaml\\n/apps/db"), ["r top-prd", "r/apps/db db-prd"], "the last line decides");
    assert_eq!(left("# apps\\n\\nother"), ["r top-prd"]);
    assert_eq!(left("/apps/{db,web}"), ["r top-prd"], "a folder called so");
    assert_eq!(left("/apps/[z-a]").len(), 4, "a line that is not read may leave out anything");
    assert_eq!(left("/apps/[z-a]\\n!/apps"), ["r top-prd"], "the last line decides");
    let both = flux("./apps", "/apps/db") + &argo("path: apps/db");
    assert_eq!(of(&both), ["r top-prd"], "another tool applies it");
    assert_eq!(of(&flux(".", "/apps/db")), ["r/apps/db db-prd"]);
}

#[test]
fn files_that_say_what_flux_leaves_out() {
    let (web, db) = (deny("web-prd"), deny("db-prd"));
    let texts = [("r/web/p.yaml", web.as_str()), ("r/db/p.yaml", &db)];
    assert_eq!(open(&texts, &[("r", "db/")]), ["r/db db-prd"]);
    assert_eq!(open(&texts, &[("r/db", "*.yaml")]), ["r/db db-prd"]);
    assert_eq!(open(&texts, &[("r", "*"), ("r/db", "!p.yaml")]), ["r/web web-prd"]);
    assert_eq!(open(&texts, &[("r/web", "/db")]), [""; 0]);
    for line in ["p{deny.yaml", "p}deny.yaml", "p{d}eny.yaml", r"p\{d}eny.yaml"] {
        let file = format!("r/web/{}", line.replace('\\', ""));
        let texts = [(file.as_str(), web.as_str()), ("r/db/pdeny.yaml", &db)];
        assert_eq!(open(&texts, &[("r", line)]), ["r/web web-prd"], "{line} has braces in it");
    }
    assert_eq!(open(&texts, &[("apps>r", "/apps/db")]), ["r/db db-prd"], "above what was typed");
    assert_eq!(open(&texts, &[("r", "!/db"), ("apps>r", "/apps/db")]), [""; 0], "the outermost comes first");
    let (tool, space) = (flux(".", "!/db"), namespace("other-prd", "team: x"));
    let texts = [("r/k.yaml", tool.as_str()), ("r/db/p.yaml", &db), ("r/n.yaml", &space)];
    assert_eq!(open(&texts, &[("r", "/db\n/n.yaml")]), ["r other-prd"], "the source's own lines come last");
}

#[test]
fn a_source_is_known_by_its_namespace_and_cluster() {
    let source = |namespace: &str, ignore: &str| {
        format!(
            "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: g, {namespace}}}\n\
             spec: {{ignore: \"{ignore}\"}}\n---\n"
        )
    };
    let own = flux("./apps", "/apps/db");
    let open_db = ["r top-prd", "r/apps/db db-prd"];
    assert_eq!(of(&(own.clone() + &source("namespace: other", "!/apps/db"))), open_db, "another's lines say nothing");
    assert_eq!(of(&(own.clone() + &source("namespace: other", "/apps/web"))), open_db);
    let named = own.replace("name: g}}", "name: g, namespace: other}}") + &source("namespace: other", "/apps/web");
    assert_eq!(of(&named), ["r top-prd", "r/apps/web web-prd"]);
    let (web, db) = (deny("web-prd"), deny("db-prd"));
    let foreign = source("namespace: flux", "/apps/web");
    let texts = [
        ("clusters/east/k.yaml", own.as_str()),
        ("clusters/west/g.yaml", &foreign),
        ("clusters/east/apps/web/p.yaml", &web),
        ("clusters/east/apps/db/p.yaml", &db),
    ];
    assert_eq!(open(&texts, &[]), ["clusters/east/apps/db db-prd"], "another cluster's");
}

#[test]
fn what_either_of_two_possible_sources_leaves_out_is_open() {
    let second = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: g}\n";
    let left = |rest: &str| of(&(flux("./apps", "/apps/db") + second + rest));
    assert_eq!(left(""), ["r top-prd", "r/apps/db db-prd"]);
    assert_eq!(left("spec: {ignore: '!/apps/db'}\n"), ["r top-prd", "r/apps/db db-prd"]);
    assert_eq!(left("spec: {ignore: /apps/web}\n").len(), 3);
}
