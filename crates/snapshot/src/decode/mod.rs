//! One text to object trees, with an account of everything in it: YAML as Kubernetes reads it, JSON, lists, dumps.
//!
//! [`stream`] finds the documents of a text, [`yaml`] and [`json`] read one each, [`document`] says what it is, by its
//! [`kind`].

mod block;
mod document;
mod dump;
mod fault;
mod json;
mod kind;
mod limit;
mod listing;
mod mapping;
mod scalar;
mod shape;
mod stream;
mod yaml;

use crate::reading::{Context, Notice, ReadObject, ReadPod, Unread};
use dtap_model::place::SourceId;
use dtap_model::tree::Node;
use std::collections::BTreeMap;

pub use fault::Fault;

/// Everything that one text holds.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// Its objects, in order. Items of lists are objects of their own; the list is none.
    pub objects: Vec<ReadObject>,
    /// Its controller-owned pods, in order.
    pub pods: Vec<ReadPod>,
    /// What was noticed.
    pub notices: Vec<Notice>,
    /// What of it could not be read.
    pub unread: Vec<Unread>,
    /// How many more faults and repeated keys there are than are told. The text as a whole is in `unread` for them.
    pub untold: usize,
    /// Documents that are not empty.
    pub documents: usize,
    /// Objects, controller-owned pods too.
    pub found: usize,
    /// Documents that are not Kubernetes, by what they are.
    pub not_kubernetes: BTreeMap<&'static str, usize>,
}

/// Reads one text. `name` decides nothing but how it is called in messages and, for what is not Kubernetes, what it is
/// said to be; whether the text is JSON or YAML shows in it.
#[must_use]
pub fn decode(source: SourceId, name: &str, text: &str, context: &Context) -> Decoded {
    stream::read(&document::Subject::new(source, name, text, context))
}

impl Decoded {
    /// The parts of one text, in order, as one; nothing of them where the text goes beyond the limits, which is told of
    /// it as a whole.
    fn join(subject: &document::Subject<'_>, parts: Vec<Self>) -> Self {
        let mut all = Self::default();
        if subject.is_beyond_limits() {
            return all;
        }
        all.objects.reserve_exact(parts.iter().map(|part| part.objects.len()).sum());
        all.pods.reserve_exact(parts.iter().map(|part| part.pods.len()).sum());
        parts.into_iter().for_each(|part| all.append(part));
        all
    }

    /// Adds what comes later in the same text.
    fn append(&mut self, later: Self) {
        add(&mut self.objects, later.objects);
        add(&mut self.pods, later.pods);
        self.untold += later.untold;
        later.notices.into_iter().for_each(|notice| self.notice(notice));
        later.unread.into_iter().for_each(|unread| self.tell(unread));
        self.documents += later.documents;
        self.found += later.found;
        for (what, count) in later.not_kubernetes {
            *self.not_kubernetes.entry(what).or_default() += count;
        }
    }

    /// Adds what could not be read, as long as there is little of it.
    fn tell(&mut self, unread: Unread) {
        if self.unread.len() < limit::TOLD { self.unread.push(unread) } else { self.untold += 1 }
    }

    /// The same for what was noticed.
    fn notice(&mut self, notice: Notice) {
        if self.notices.len() < limit::NOTICED { self.notices.push(notice) } else { self.untold += 1 }
    }
}

/// Adds to a list. Those of a large cluster are large: none is copied into an empty one.
fn add<T>(known: &mut Vec<T>, mut more: Vec<T>) {
    if known.capacity() == 0 { *known = more } else { known.append(&mut more) }
}

/// The documents of one text as trees, empty ones left out: for what is YAML without being Kubernetes, such as a
/// kustomization or a list of JSON patches. Lists are not taken apart.
///
/// # Errors
/// The first fault of the text.
pub fn documents(text: &str) -> Result<Vec<Node<'_>>, Fault> {
    stream::trees(text)
}

/// The documents of a text by the whole parser alone, and by the recogniser of block style where it recognises: for
/// tests that hold the two together.
#[doc(hidden)]
#[must_use]
pub fn both_ways(text: &str) -> Option<(Node<'_>, Result<Node<'_>, Fault>)> {
    let section = dtap_model::tree::Span::new(0, text.len());
    let recognised = block::read(text, section)?;
    let parsed = yaml::read(text, section).map(|document| document.unwrap_or_default());
    Some((recognised.root, parsed.map(|document| document.root)))
}
