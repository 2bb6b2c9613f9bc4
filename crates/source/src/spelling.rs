//! What things are called: every file has the name a person knows it by, and the path that its environment is read
//! from.

use dtap_snapshot::reading::Context;

/// The names of one file or folder. Both use `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spelling {
    /// The path as reached from what the user typed, for people to open.
    pub name: String,
    /// The same without what says nothing about the input: the folders above an absolute path, and a leading `..`.
    pub context: String,
    /// Which of the user's paths it was reached from.
    pub input: usize,
    /// How many folders of `context` stand at or above what the user typed: where an input was put says nothing of it.
    pub above: usize,
}

/// For each path that the user typed how many of its last segments say something: those below the folder that all of
/// them have in common, and so none of a path that is the only one. Paths that have no folder in common but the root
/// are told apart by their own names.
pub fn telling(typed: &[String]) -> Vec<usize> {
    let here = std::env::current_dir().map(|here| here.to_string_lossy().into_owned()).unwrap_or_default();
    let absolute = |typed: &String| -> Vec<String> {
        let path = if typed == "-" { String::new() } else { joined(&here, typed) };
        path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
    };
    let paths: Vec<Vec<String>> = typed.iter().map(absolute).collect();
    let mut named = paths.iter().filter(|path| !path.is_empty());
    let first = named.next().cloned().unwrap_or_default();
    let same = |path: &Vec<String>| first.iter().zip(path).take_while(|(one, other)| one == other).count();
    let common = named.map(same).min().unwrap_or(first.len());
    let telling = |path: &Vec<String>| if common == 0 { path.len().min(1) } else { path.len().saturating_sub(common) };
    paths.iter().map(telling).collect()
}

/// For each path that the user typed how the names of what lies below it begin, without the segments that say
/// something.
pub fn heads(typed: &[String]) -> Vec<String> {
    let head = |(typed, telling): (&String, usize)| {
        let name = joined("", typed);
        let mut folders: Vec<&str> = if name == "." { Vec::new() } else { name.split('/').collect() };
        folders.truncate(folders.len().saturating_sub(telling));
        folders.into_iter().map(|folder| format!("{folder}/")).collect()
    };
    typed.iter().zip(telling(typed)).map(head).collect()
}

impl Spelling {
    /// The names of a path that the user typed, of which so many last segments say something.
    pub fn of_input(typed: &str, input: usize, telling: usize) -> Self {
        let name = joined("", typed);
        let last = |path: &str, count: usize| {
            let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
            segments.get(segments.len().saturating_sub(count)..).unwrap_or_default().join("/")
        };
        let context =
            if name.starts_with('/') { last(&name, telling.max(1)) } else { name.trim_start_matches("../").to_owned() };
        let context = if matches!(context.as_str(), "." | "..") { String::new() } else { context };
        // `.` beside other paths is told apart by a name that was not typed.
        let context = if segments(&context) < telling {
            let here = std::env::current_dir().map(|here| here.to_string_lossy().into_owned()).unwrap_or_default();
            last(&joined(&here, typed), telling)
        } else {
            context
        };
        let above = segments(&context).saturating_sub(telling);
        Self { name, context, input, above }
    }

    /// The names of an entry of this folder.
    pub fn child(&self, entry: &str) -> Self {
        self.at(entry)
    }

    /// The names of what a relative path means from this folder. What leads out of what was typed says nothing.
    pub fn at(&self, relative: &str) -> Self {
        let context = joined(&self.context, relative);
        let inside = context.split('/').take(self.above).eq(self.context.split('/').take(self.above));
        let above = if inside { self.above } else { usize::MAX };
        Self { name: joined(&self.name, relative), context, input: self.input, above }
    }

    /// Which part of the input it is.
    pub fn context(&self, rendered: bool) -> Context {
        Context { path: self.context.clone(), input: self.input, rendered, above: self.above }
    }
}

/// How many folders and files a path names.
fn segments(path: &str) -> usize {
    path.split('/').filter(|segment| !segment.is_empty()).count()
}

/// Joins two paths by their letters alone; `..` takes a folder away where there is one.
fn joined(base: &str, relative: &str) -> String {
    let absolute = relative.starts_with('/') || base.starts_with('/');
    let base = if relative.starts_with('/') { "" } else { base };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(relative.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            _ => parts.push(part),
        }
    }
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Spelling, heads, joined, telling};

    #[test]
    fn paths_join_by_their_letters() {
        assert_eq!(joined(".", "a/./b"), "a/b");
        assert_eq!(joined("a/b", "../c"), "a/c");
        assert_eq!(joined("a", "../../c"), "../c");
        assert_eq!(joined("/a", "../../c"), "/c");
        assert_eq!(joined("a", "/c"), "/c");
        assert_eq!(joined("", "./"), ".");
    }

    #[test]
    fn what_was_typed_says_nothing_of_the_environment() {
        let input = Spelling::of_input("/home/dev/shop/", 0, 0);
        assert_eq!((input.child("prd").context.as_str(), input.child("prd").above), ("shop/prd", 1));
        assert_eq!(input.child("prd").name, "/home/dev/shop/prd");
        let here = Spelling::of_input(".", 0, 0).child("prd");
        assert_eq!((here.context.as_str(), here.above), ("prd", 0));
        let beside = Spelling::of_input("../deploy/prd", 0, 0);
        assert_eq!((beside.context.as_str(), beside.above), ("deploy/prd", 2));
        assert_eq!(beside.at("base").above, 2);
        assert_eq!(beside.at("../dev").above, usize::MAX);
    }

    #[test]
    fn names_begin_as_their_paths_were_typed() {
        let of = |typed: &[&str]| heads(&typed.iter().map(|typed| (*typed).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["."]), [""]);
        assert_eq!(of(&["../shop/"]), ["../shop/"]);
        assert_eq!(of(&["/x/shop"]), ["/x/shop/"]);
        assert_eq!(of(&["dev", "prd"]), ["", ""]);
        assert_eq!(of(&["/x/dev", "/x/prd"]), ["/x/", "/x/"]);
    }

    #[test]
    fn several_paths_are_told_apart_below_what_they_share() {
        let of = |typed: &[&str]| telling(&typed.iter().map(|typed| (*typed).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["deploy/prd"]), [0]);
        assert_eq!(of(&["-"]), [0]);
        assert_eq!(of(&["dev", "prd"]), [1, 1]);
        assert_eq!(of(&["/x/dev/k8s", "/x/prd/k8s", "-"]), [2, 2, 0]);
        assert_eq!(of(&["/x", "/x/prd"]), [0, 1]);
        assert_eq!(of(&["/home/dev/shop", "/srv/prd/bank"]), [1, 1]);
        let typed = Spelling::of_input("/x/dev/k8s", 0, 2);
        assert_eq!((typed.context.as_str(), typed.above), ("dev/k8s", 0));
        let typed = Spelling::of_input("x/dev/k8s", 0, 2);
        assert_eq!((typed.context.as_str(), typed.above), ("x/dev/k8s", 1));
    }
}
