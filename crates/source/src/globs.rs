//! What `--exclude` says: globs as gitignore writes them, read once. None that does not parse is ever dropped in
//! silence.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Globs of what to leave out.
#[derive(Clone, Debug)]
pub struct Globs {
    written: Vec<String>,
    rules: Gitignore,
}

impl Default for Globs {
    fn default() -> Self {
        Self { written: Vec::new(), rules: Gitignore::empty() }
    }
}

impl Globs {
    /// Reads globs.
    ///
    /// # Errors
    /// The glob that does not parse, or all where they cannot be used together, and why.
    pub fn parse(written: &[String]) -> Result<Self, (String, String)> {
        let mut builder = GitignoreBuilder::new("");
        builder.allow_unclosed_class(false);
        for glob in written {
            builder.add_line(None, glob).map_err(|error| (glob.clone(), error.to_string()))?;
        }
        let rules = builder.build().map_err(|error| (written.join(" "), error.to_string()))?;
        Ok(Self { written: written.to_vec(), rules })
    }

    /// The globs as they are written.
    pub(crate) fn written(&self) -> &[String] {
        &self.written
    }

    /// What they say of a path below a folder that the user named.
    pub(crate) fn rules(&self) -> &Gitignore {
        &self.rules
    }
}
