//! Paths into an object tree, written as kustomize's replacements write them: `containers.[name=web].image`.
//!
//! A list item is named by its merge key where the API has one, so that a path survives a moved item.

use std::fmt;

/// One step into a tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The value under a key of a mapping.
    Key(String),
    /// The item of a list whose field `key` has the value `value`.
    Item {
        /// The merge key, such as `name` or `containerPort`.
        key: String,
        /// Its value, as text.
        value: String,
    },
    /// The item at a position of a list that has no merge key, counted from zero.
    Index(usize),
}

/// A path from the root of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// This path and one more step.
    #[must_use]
    pub fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The path through mappings alone.
    #[must_use]
    pub fn of_keys(keys: &[&str]) -> Self {
        Self(keys.iter().map(|key| Step::Key((*key).to_owned())).collect())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A key with dots of its own is quoted by a backslash, as kustomize does.
            Self::Key(key) => out.write_str(&key.replace('.', "\\.")),
            Self::Item { key, value } => write!(out, "[{key}={value}]"),
            Self::Index(index) => write!(out, "{index}"),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            if position > 0 {
                out.write_str(".")?;
            }
            write!(out, "{step}")?;
        }
        Ok(())
    }
}
