//! The clusters that Argo CD knows, by the Secrets in which it keeps them: several names may be of one API server.

use super::hint::{Destination, is_here, one_spelling};
use crate::reading::ReadObject;
use dtap_model::object::Object;
use dtap_model::tree::Node;
use std::collections::BTreeMap;

/// What marks such a Secret.
const MARK: (&str, &str) = ("argocd.argoproj.io/secret-type", "cluster");

/// The first name of each API server that has one, by its address; and the address behind each name.
#[derive(Debug, Default)]
pub struct KnownClusters {
    names: BTreeMap<String, String>,
    servers: BTreeMap<String, String>,
}

impl KnownClusters {
    /// Reads the Secrets.
    #[must_use]
    pub fn of(objects: &[ReadObject]) -> Self {
        let mut known = Self::default();
        for (name, server) in objects.iter().filter_map(|read| cluster(&read.object)) {
            let first = known.names.entry(server.clone()).or_insert_with(|| name.clone());
            if name < *first {
                first.clone_from(&name);
            }
            known.servers.insert(name, server);
        }
        known
    }

    /// Calls a destination by the first name that its API server has.
    pub fn rename(&self, destination: &mut Destination) {
        let server = match destination {
            Destination::Name(name) => self.servers.get(name),
            Destination::Server(server) => Some(&*server),
            Destination::Kubeconfig(..) | Destination::Here | Destination::Generated(..) => None,
        };
        let Some(server) = server else { return };
        if is_here(server) {
            *destination = Destination::Here;
        } else if let Some(name) = self.names.get(server) {
            *destination = Destination::Name(name.clone());
        }
    }
}

/// The name and the address that a Secret keeps.
fn cluster(object: &Object) -> Option<(String, String)> {
    if !object.identity.kind.is("", "Secret") {
        return None;
    }
    object.tree.at(&["metadata", "labels"])?.get(MARK.0)?.as_str().filter(|label| *label == MARK.1)?;
    let field = |key: &str| {
        let plain = object.tree.at(&["stringData", key]).and_then(Node::as_str).map(str::to_owned);
        plain.or_else(|| decoded(object.tree.at(&["data", key])?.as_str()?))
    };
    let server = one_spelling(&field("server")?);
    Some((field("name").unwrap_or_else(|| object.identity.name.to_string()), server))
}

fn decoded(text: &str) -> Option<String> {
    String::from_utf8(data_encoding::BASE64.decode(text.trim().as_bytes()).ok()?).ok()
}
