//! What things are called: every file has the name a person knows it by, and the path that its environment is read from.

/// The names of one file or folder. Both use `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spelling {
    /// The path as reached from what the user typed, for people to open.
    pub name: String,
    /// The same without what says nothing about the input: the folders above an absolute path, and a leading `..`.
    pub context: String,
    /// Which of the user's paths it was reached from.
    pub input: usize,
}

impl Spelling {
    /// The names of a path that the user typed.
    pub fn of_input(typed: &str, input: usize) -> Self {
        let name = joined("", typed);
        let context = if name.starts_with('/') {
            name.rsplit('/').next().unwrap_or_default().to_owned()
        } else {
            name.trim_start_matches("../").to_owned()
        };
        let context = if matches!(context.as_str(), "." | "..") { String::new() } else { context };
        Self { name, context, input }
    }

    /// The names of an entry of this folder.
    pub fn child(&self, entry: &str) -> Self {
        self.at(entry)
    }

    /// The names of what a relative path means from this folder.
    pub fn at(&self, relative: &str) -> Self {
        Self { name: joined(&self.name, relative), context: joined(&self.context, relative), input: self.input }
    }
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
    use super::{Spelling, joined};

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
    fn folders_above_an_absolute_path_say_nothing_of_the_environment() {
        let input = Spelling::of_input("/home/dev/shop/", 0);
        assert_eq!(input.child("prd").context, "shop/prd");
        assert_eq!(input.child("prd").name, "/home/dev/shop/prd");
        assert_eq!(Spelling::of_input(".", 0).child("prd").context, "prd");
        assert_eq!(Spelling::of_input("../deploy/prd", 0).context, "deploy/prd");
    }
}
