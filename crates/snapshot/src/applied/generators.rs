//! What an ApplicationSet makes of a path in its template: generators that go over lists and over the folders and files
//! of a repository fill it in. What others would fill in is left as it stands.

use dtap_model::tree::Node;

/// What a generator fills in, by name, for one Application.
type Parameters = Vec<(String, String)>;

/// The paths that come of one by each generator, with wildcards where it has them, and those that it leaves out.
pub fn paths(generators: &[Node<'_>], path: &str) -> Vec<(Vec<String>, Vec<String>)> {
    if generators.is_empty() {
        return vec![(vec![path.to_owned()], Vec::new())];
    }
    let of = |generator: &Node<'_>| {
        let but = left_out(generator).into_iter().map(|parameters| fill(path, &parameters));
        (filled(generator, vec![path.to_owned()]), but.filter(|but| but != path).collect())
    };
    generators.iter().map(of).collect()
}

/// Some paths with what a generator fills in. In a matrix each fills in what those before it left; in a merge the first
/// fills in for each Application, in place of which the others have something for some.
fn filled(generator: &Node<'_>, paths: Vec<String>) -> Vec<String> {
    if let Some([first, others @ ..]) = generator.at(&["merge", "generators"]).map(Node::items) {
        let for_some = others.iter().flat_map(|other| filled(other, paths.clone())).collect();
        return filled(first, for_some).into_iter().chain(filled(first, paths)).collect();
    }
    if let Some(inner) = several(generator) {
        return inner.iter().fold(paths, |paths, generator| filled(generator, paths));
    }
    let Some(sets) = parameters(generator) else { return paths };
    paths.iter().flat_map(|path| sets.iter().map(|parameters| fill(path, parameters))).collect()
}

/// The generators that one is made of.
fn several<'n>(generator: &'n Node<'n>) -> Option<&'n [Node<'n>]> {
    ["matrix", "merge"].into_iter().find_map(|kind| generator.at(&[kind, "generators"])).map(Node::items)
}

/// What a generator fills in for each Application; none where the input does not say.
fn parameters(generator: &Node<'_>) -> Option<Vec<Parameters>> {
    if let Some(elements) = generator.at(&["list", "elements"]) {
        let of = |element: &Node<'_>| {
            let fields = element.entries().iter();
            fields.filter_map(|entry| Some((entry.key.to_string(), entry.node.as_str()?.to_owned()))).collect()
        };
        return Some(elements.items().iter().map(of).collect());
    }
    if let Some(values) = generator.at(&["clusters", "values"]) {
        let fields = values.entries().iter();
        let of = fields.filter_map(|entry| Some((format!("values.{}", entry.key), entry.node.as_str()?.to_owned())));
        return Some(vec![of.collect()]);
    }
    let git = generator.get("git")?;
    let prefix = git.get("pathParamPrefix").and_then(Node::as_str).unwrap_or_default();
    if let Some(files) = git.get("files") {
        let folder = |path: &str| path.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned();
        return Some(texts(files, false).map(|path| of_folder(&folder(path), prefix)).collect());
    }
    git.get("directories").map(|folders| texts(folders, false).map(|path| of_folder(path, prefix)).collect())
}

/// The `spec`s of the templates that generators have beside the set's own, each with its generator.
pub fn templates<'n>(generators: &'n [Node<'n>]) -> Vec<(&'n Node<'n>, &'n Node<'n>)> {
    let of = |generator: &'n Node<'n>| {
        let own = generator.entries().iter();
        let own = own.filter_map(move |kind| Some((generator, kind.node.at(&["template", "spec"])?)));
        own.chain(templates(several(generator).unwrap_or_default()))
    };
    generators.iter().flat_map(of).collect()
}

/// What would be filled in for the folders that a generator leaves out.
fn left_out(generator: &Node<'_>) -> Vec<Parameters> {
    let inner = several(generator).unwrap_or_default().iter().flat_map(left_out);
    let folders = generator.at(&["git", "directories"]);
    let prefix = generator.at(&["git", "pathParamPrefix"]).and_then(Node::as_str).unwrap_or_default();
    let own = folders.into_iter().flat_map(|folders| texts(folders, true)).map(|path| of_folder(path, prefix));
    own.chain(inner).collect()
}

/// The paths of a list of folders or files, either those that are left out or the others.
fn texts<'n>(list: &'n Node<'n>, left_out: bool) -> impl Iterator<Item = &'n str> {
    let is_left_out = |item: &Node<'_>| item.get("exclude").and_then(Node::as_bool) == Some(true);
    let items = list.items().iter().filter(move |item| is_left_out(item) == left_out);
    items.filter_map(|item| item.get("path")?.as_str())
}

/// What is filled in for a folder, in both kinds of templates.
fn of_folder(path: &str, prefix: &str) -> Parameters {
    let name = |field: &str| [prefix, field].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
    let last = path.rsplit('/').next().unwrap_or_default().to_owned();
    let segments = path.split('/').enumerate();
    let by_number = segments.map(|(at, segment)| (name(&format!("path[{at}]")), segment.to_owned()));
    let whole = [("path", path.to_owned()), ("path.path", path.to_owned()), ("path.basename", last)];
    by_number.chain(whole.map(|(field, value)| (name(field), value))).collect()
}

/// A text with the parameters filled in, `{{name}}` or `{{.name}}`. What is not among them stays.
fn fill(text: &str, parameters: &Parameters) -> String {
    let mut parts = text.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let value = part.split_once("}}").and_then(|(key, rest)| {
            let key = key.trim().trim_start_matches('.');
            Some((&parameters.iter().find(|(name, _)| name == key)?.1, rest))
        });
        match value {
            Some((value, rest)) => filled.extend([value, rest]),
            None => filled.extend(["{{", part]),
        }
    }
    filled
}
