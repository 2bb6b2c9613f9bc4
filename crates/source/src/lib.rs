//! Paths to a [`Reading`]: walks folders, renders kustomize roots, recognises charts. Opens no connection, writes nothing
//! into what it reads, and runs nothing that the files it reads bring.

use dtap_snapshot::Reading;

/// What to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Files, folders and `-`, as typed.
    pub paths: Vec<String>,
    /// Globs of what to leave out, as gitignore writes them.
    pub exclude: Vec<String>,
    /// What reading may do beyond the harmless.
    pub allow: Allow,
}

/// What reading may do beyond the harmless (`--allow`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// Fetch remote bases.
    pub remote: bool,
    /// Render helm charts that a kustomization inflates.
    pub helm: bool,
    /// Read files outside a kustomize root.
    pub outside: bool,
}

/// Reads everything. Total: what cannot be read is in the account.
#[must_use]
pub fn read(_request: &Request) -> Reading {
    Reading::default()
}
