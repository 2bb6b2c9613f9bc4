//! Paths to files: walks folders in a fixed order, honours `.gitignore` and `--exclude`, follows links without looping.
//!
//! Opens nothing but folders and `.gitignore` files; says of everything it cannot follow why.

use crate::kustomize::kustomization::FILE_NAMES;
use crate::spelling::{Spelling, telling};
use crate::{Globs, Request};
use dtap_snapshot::reading::{Unread, UnreadCause};
use ignore::Match;
use ignore::gitignore::{Gitignore, Glob};
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What a file is called that tells Flux what to leave out.
const SOURCE_IGNORE: &str = ".sourceignore";

/// Where a text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A file, by its canonical path.
    File(PathBuf),
    /// Standard input.
    StandardInput,
}

/// A file that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it is.
    pub at: At,
    /// How it is called.
    pub spelling: Spelling,
}

/// A `.sourceignore` file that was found.
#[derive(Debug)]
pub struct SourceIgnoreFile {
    /// Where it is.
    pub at: PathBuf,
    /// How it is called.
    pub spelling: Spelling,
    /// The folder that it lies in, or the input below it.
    pub folder: Spelling,
    /// The way from the one to the other.
    pub inside: String,
}

/// What walking found.
#[derive(Debug, Default)]
pub struct Walk {
    /// Files that may hold manifests, in order.
    pub files: Vec<Found>,
    /// The canonical folders that were walked, in the order of the inputs: only these belong to the input.
    pub inputs: Vec<PathBuf>,
    /// What could not be followed.
    pub unread: Vec<Unread>,
    /// Named paths that do not exist.
    pub missing: Vec<String>,
    /// What was left out, by why.
    pub left_out: BTreeMap<String, usize>,
    /// The `.sourceignore` files.
    pub source_ignores: Vec<SourceIgnoreFile>,
    /// The globs of `--exclude` that matched something.
    pub heeded: BTreeSet<String>,
}

/// A link that waits until everything real was read: names of real folders go before names of links to them.
struct Link {
    path: PathBuf,
    spelling: Spelling,
    ground: Rc<Ground>,
    ignored_by: Vec<Gitignore>,
}

/// A folder that the user named, with what `--exclude` means in it.
struct Ground {
    input: PathBuf,
    exclude: Globs,
}

impl Ground {
    /// What `--exclude` says of a path, which is taken from the folder on.
    fn excluded(&self, path: &Path, folder: bool) -> Match<&Glob> {
        self.exclude.rules().matched(path.strip_prefix(&self.input).unwrap_or(path), folder)
    }
}

struct Walker<'request> {
    request: &'request Request,
    walk: Walk,
    seen: HashSet<PathBuf>,
    links: VecDeque<Link>,
}

/// Walks every path of the request.
pub fn walk(request: &Request) -> Walk {
    let mut walker = Walker { request, walk: Walk::default(), seen: HashSet::new(), links: VecDeque::new() };
    for ((index, typed), telling) in request.paths.iter().enumerate().zip(telling(&request.paths)) {
        walker.input(typed, Spelling::of_input(typed, index, telling));
    }
    while let Some(link) = walker.links.pop_front() {
        walker.link(link);
    }
    walker.walk
}

/// Whether a name is one of a file that may hold manifests.
pub fn is_manifest_name(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known)) || name == "Kustomization"
}

/// Whether kubectl, Argo CD and Flux read a file of this name in a folder: they know endings in small letters only.
fn is_read_by_kubectl(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    !extension.contains(|letter: char| letter.is_ascii_uppercase())
}

/// Whether a name is one of a manifest that a template engine has yet to make: `policies.yaml.j2`.
fn is_template_name(name: &str) -> bool {
    const ENGINES: [&str; 9] = ["j2", "jinja", "jinja2", "tpl", "tmpl", "gotmpl", "erb", "mustache", "hbs"];
    let path = Path::new(name);
    let engine = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    let renders = path.file_stem().and_then(|stem| stem.to_str()).is_some_and(is_manifest_name);
    matches!(engine.as_str(), "jsonnet" | "libsonnet") || renders && ENGINES.contains(&engine.as_str())
}

/// Whether a name is one that helm gives to a chart that it packs: `web-1.2.3.tgz`.
fn is_chart_name(name: &str) -> bool {
    let version = name.strip_suffix(".tgz").and_then(|stem| {
        let is_number =
            |at: &usize| stem.get(at + 1..).is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()));
        stem.match_indices('-').map(|(at, _)| at).find(is_number).and_then(|at| stem.get(at + 1..))
    });
    version.is_some_and(|version| version.split('.').count() > 2)
}

/// Whether a packaged chart lies where a chart or a kustomization keeps those that it is made of: it is a part of that.
fn is_vendored(path: &Path) -> bool {
    let folder = path.parent().filter(|folder| folder.ends_with("charts"));
    let mut owners = FILE_NAMES.into_iter().chain(["Chart.yaml"]);
    folder.and_then(Path::parent).is_some_and(|above| owners.any(|name| above.join(name).is_file()))
}

impl Walker<'_> {
    fn input(&mut self, typed: &str, spelling: Spelling) {
        if typed == "-" {
            let found = Found { at: At::StandardInput, spelling };
            if !self.walk.files.iter().any(|file| file.at == At::StandardInput) {
                self.walk.files.push(found);
            }
            return;
        }
        let path = match std::fs::canonicalize(typed) {
            Ok(path) => path,
            // A pipe of the shell, `<(…)`, has a name but no canonical path.
            Err(_) if is_descriptor(Path::new(typed)) => PathBuf::from(typed),
            Err(error) => {
                if error.kind() == std::io::ErrorKind::NotFound {
                    self.walk.missing.push(typed.to_owned());
                }
                self.unread(&spelling, cannot("be opened", &error), Some("check the path".to_owned()));
                return;
            }
        };
        match std::fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => {
                self.walk.inputs.push(path.clone());
                let mut ignored_by = outer_ignores(&path);
                self.outer_source_ignores(&path, &spelling);
                let ground = Rc::new(Ground { exclude: self.request.exclude.clone(), input: path.clone() });
                self.folder(&path, &spelling, &ground, &mut ignored_by);
            }
            Ok(metadata) if metadata.is_file() || is_descriptor(Path::new(typed)) => self.file(path, spelling),
            Ok(metadata) => self.special(&spelling, metadata.file_type()),
            Err(error) => self.unread(&spelling, cannot("be opened", &error), None),
        }
    }

    fn folder(&mut self, path: &Path, spelling: &Spelling, ground: &Rc<Ground>, ignored_by: &mut Vec<Gitignore>) {
        if !self.seen.insert(path.to_owned()) {
            return;
        }
        let mut entries = Vec::new();
        match std::fs::read_dir(path) {
            Ok(listing) => {
                for entry in listing {
                    match entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))) {
                        Ok(entry) => entries.push(entry),
                        Err(error) => self.unread(spelling, cannot("be listed whole", &error), None),
                    }
                }
            }
            Err(error) => {
                let hint = Some("give read permission, or leave it out with --exclude".to_owned());
                self.unread(spelling, cannot("be listed", &error), hint);
                return;
            }
        }
        entries.sort_by(|left, right| left.0.cmp(&right.0));
        let own_ignore = ignore_file(path);
        let depth = ignored_by.len();
        ignored_by.extend(own_ignore);
        for (name, kind) in entries {
            let name_text = name.to_string_lossy();
            if !matches!(name_text.as_ref(), ".git" | ".hg" | ".svn") {
                self.entry(path.join(&name), &spelling.child(&name_text), kind, ground, ignored_by);
            }
        }
        ignored_by.truncate(depth);
    }

    fn entry(
        &mut self,
        path: PathBuf,
        spelling: &Spelling,
        kind: FileType,
        ground: &Rc<Ground>,
        ignored_by: &mut Vec<Gitignore>,
    ) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let leads_to_folder = kind.is_symlink() && path.is_dir();
        let matched = ground.excluded(&path, kind.is_dir() || leads_to_folder);
        self.walk.heeded.extend(matched.inner().map(|glob| glob.original().to_owned()));
        let template = is_template_name(&name);
        let candidate = kind.is_dir() || leads_to_folder || template || is_manifest_name(&name);
        let is_packed = kind.is_file() && is_chart_name(&name) && !is_vendored(&path);
        if is_packed && left_out_by(&path, false, ground, ignored_by).is_none() {
            let why = "is a packaged helm chart, which is recognised and not rendered".to_owned();
            let chart = shlex::try_quote(&spelling.name).unwrap_or_default();
            let file = shlex::try_quote(&name).unwrap_or_default();
            let hint = format!(
                "read what it renders to in its stead: helm template NAME {chart} -f VALUES | dtap scan PATH - --exclude {file}"
            );
            self.unread_for(UnreadCause::Chart, spelling, why, Some(hint));
            return;
        }
        if !candidate {
            // What says what to leave out is heeded, not left out.
            if name == ".gitignore" {
                return;
            }
            if name == SOURCE_IGNORE && kind.is_file() {
                self.source_ignore(path, spelling);
                return;
            }
            if name == SOURCE_IGNORE && kind.is_symlink() {
                let (ground, ignored_by) = (Rc::clone(ground), Vec::new());
                self.links.push_back(Link { path, spelling: spelling.clone(), ground, ignored_by });
                return;
            }
            *self.walk.left_out.entry("neither YAML nor JSON by its name".to_owned()).or_default() += 1;
            return;
        }
        if let Some(why) = left_out_by(&path, kind.is_dir() || leads_to_folder, ground, ignored_by) {
            *self.walk.left_out.entry(why.to_owned()).or_default() += 1;
        } else if template && !kind.is_dir() {
            let why = "is a template: what manifests it makes shows when it is rendered".to_owned();
            let hint = "render it and scan what comes out, or leave it out with --exclude".to_owned();
            self.unread_for(UnreadCause::Template, spelling, why, Some(hint));
        } else if kind.is_file() && !is_read_by_kubectl(&name) {
            let why = "has an ending in capitals, which kubectl and others do not read in a folder".to_owned();
            let hint = "write it in small letters, or leave it out with --exclude".to_owned();
            self.unread(spelling, why, Some(hint));
        } else if kind.is_symlink() {
            let (ground, ignored_by) = (Rc::clone(ground), ignored_by.clone());
            self.links.push_back(Link { path, spelling: spelling.clone(), ground, ignored_by });
        } else if kind.is_dir() {
            self.folder(&path, spelling, ground, ignored_by);
        } else if kind.is_file() {
            self.file(path, spelling.clone());
        } else {
            self.special(spelling, kind);
        }
    }

    fn link(&mut self, mut link: Link) {
        let target = match std::fs::canonicalize(&link.path) {
            Ok(target) => target,
            Err(error) => {
                let why = match error.kind() {
                    std::io::ErrorKind::NotFound => "is a link to something that does not exist".to_owned(),
                    _ => cannot("be followed", &error),
                };
                self.unread(&link.spelling, why, Some("mend the link or delete it".to_owned()));
                return;
            }
        };
        if !target.starts_with(&link.ground.input) && !self.request.allow.outside {
            let why = "is a link to something outside the folder that is read".to_owned();
            self.unread(&link.spelling, why, Some("--allow outside follows it".to_owned()));
        } else if link.path.starts_with(&target) {
            let why = "is a link to a folder that it is in: following it would never end".to_owned();
            self.unread(&link.spelling, why, Some("delete the link, or leave it out with --exclude".to_owned()));
        } else if link.path.ends_with(SOURCE_IGNORE) && target.is_file() {
            self.source_ignore(target, &link.spelling);
        } else if self.seen.contains(&target) {
            *self.walk.left_out.entry("a link to what is read anyway".to_owned()).or_default() += 1;
        } else if target.is_dir() {
            self.folder(&target, &link.spelling, &link.ground, &mut link.ignored_by);
        } else if target.is_file() {
            self.file(target, link.spelling);
        } else {
            self.unread(&link.spelling, "is a link to something that is neither file nor folder".to_owned(), None);
        }
    }

    fn source_ignore(&mut self, at: PathBuf, spelling: &Spelling) {
        let (spelling, folder) = (spelling.clone(), spelling.at(".."));
        self.walk.source_ignores.push(SourceIgnoreFile { at, spelling, folder, inside: String::new() });
    }

    /// The `.sourceignore` files above a folder. Flux follows one that is a link; here it is followed within the
    /// repository.
    fn outer_source_ignores(&mut self, path: &Path, folder: &Spelling) {
        let above = above_in_repository(path);
        for outer in &above {
            let at = outer.join(SOURCE_IGNORE);
            let Ok(metadata) = std::fs::symlink_metadata(&at) else { continue };
            let Ok(inside) = path.strip_prefix(outer) else { continue };
            let up: String = inside.iter().map(|_| "../").collect();
            let spelling = folder.at(&format!("{up}{SOURCE_IGNORE}"));
            let target = std::fs::canonicalize(&at).ok().filter(|target| target.is_file());
            let is_within = |target: &PathBuf| above.first().is_some_and(|top| target.starts_with(top));
            let allow = self.request.allow.outside;
            let target = target.filter(|target| metadata.is_file() || is_within(target) || allow);
            let Some(at) = target else {
                let why = "is no file, or a link to none within the repository: what Flux leaves out is not known";
                self.unread(&spelling, why.to_owned(), Some("mend the link or delete it".to_owned()));
                continue;
            };
            let inside = inside.to_string_lossy().into_owned();
            self.walk.source_ignores.push(SourceIgnoreFile { at, spelling, folder: folder.clone(), inside });
        }
    }

    fn file(&mut self, path: PathBuf, spelling: Spelling) {
        if self.seen.insert(path.clone()) {
            self.walk.files.push(Found { at: At::File(path), spelling });
        }
    }

    fn special(&mut self, spelling: &Spelling, kind: FileType) {
        let why = format!("is {}, not a file", special_name(kind));
        self.unread(spelling, why, Some("leave it out with --exclude".to_owned()));
    }

    fn unread(&mut self, spelling: &Spelling, why: String, hint: Option<String>) {
        self.unread_for(UnreadCause::File, spelling, why, hint);
    }

    fn unread_for(&mut self, cause: UnreadCause, spelling: &Spelling, why: String, hint: Option<String>) {
        self.walk.unread.push(Unread {
            name: spelling.name.clone(),
            why,
            hint,
            place: None,
            cause,
            context: spelling.context(false),
            namespace: None,
            object: None,
            confined: false,
        });
    }
}

/// Why an entry is left out, if it is. The deepest `.gitignore` that has an opinion decides.
fn left_out_by(path: &Path, folder: bool, ground: &Ground, ignored_by: &[Gitignore]) -> Option<&'static str> {
    let ignored = ignored_by.iter().rev().map(|rules| rules.matched(path, folder)).find(|found| !found.is_none());
    if ignored.is_some_and(|found| found.is_ignore()) {
        return Some(".gitignore");
    }
    ground.excluded(path, folder).is_ignore().then_some("--exclude")
}

/// An I/O error as the end of a sentence that starts with the name of what failed.
pub fn cannot(what: &str, error: &std::io::Error) -> String {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    format!("cannot {what}: {reason}")
}

/// Files that the shell opened for us are read although they are no regular ones.
fn is_descriptor(typed: &Path) -> bool {
    typed.starts_with("/dev/fd") || typed.starts_with("/proc/self/fd") || typed == Path::new("/dev/stdin")
}

#[cfg(unix)]
fn special_name(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special_name(_kind: FileType) -> &'static str {
    "something special"
}

/// The `.gitignore` of a folder. One that is no regular file is not opened.
fn ignore_file(folder: &Path) -> Option<Gitignore> {
    let file = folder.join(".gitignore");
    let regular = std::fs::symlink_metadata(&file).is_ok_and(|metadata| metadata.is_file());
    regular.then(|| Gitignore::new(file).0)
}

/// The `.gitignore` files above a folder, the outermost first.
fn outer_ignores(folder: &Path) -> Vec<Gitignore> {
    above_in_repository(folder).into_iter().filter_map(ignore_file).collect()
}

/// The folders above one, up to the root of the repository that it is in, the outermost first.
fn above_in_repository(folder: &Path) -> Vec<&Path> {
    let Some(repository) = folder.ancestors().find(|ancestor| ancestor.join(".git").exists()) else {
        return Vec::new();
    };
    let mut above: Vec<&Path> =
        folder.ancestors().skip(1).take_while(|ancestor| ancestor.starts_with(repository)).collect();
    above.reverse();
    above
}
