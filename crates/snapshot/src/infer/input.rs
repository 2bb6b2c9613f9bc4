//! The reading, looked at by context: each place of the input once, with what stands in it.

use super::hint::{Deployed, Hint, Hints};
use super::scope::Scopes;
use super::{folder, stage};
use crate::reading::{Context, ReadObject, ReadPod, Reading, Unread};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A reading with its contexts numbered.
pub struct Input<'r> {
    /// Every context once, in order.
    pub contexts: Vec<Context>,
    /// The namespaces that the objects and pods of each context stand in, and those they declare.
    pub namespaces_of_contexts: Vec<BTreeSet<&'r str>>,
    /// What deployment tools say of each context.
    pub hints: Vec<Hint<'r>>,
    /// For each context, to which clusters it is deployed.
    pub deployed: Vec<Option<Deployed>>,
    /// How many objects each context holds.
    sizes: Vec<usize>,
    objects: &'r [ReadObject],
    context_of_object: Vec<usize>,
    pods: &'r [ReadPod],
    context_of_pod: Vec<usize>,
    unread: &'r [Unread],
    context_of_unread: Vec<usize>,
}

/// Numbers contexts; neighbours are mostly of one context.
#[derive(Default)]
struct Numbering {
    contexts: Vec<Context>,
    numbers: FxHashMap<Context, usize>,
    last: usize,
}

impl Numbering {
    fn number(&mut self, context: &Context) -> usize {
        if self.contexts.get(self.last) != Some(context) {
            self.last = match self.numbers.get(context) {
                Some(number) => *number,
                None => {
                    self.numbers.insert(context.clone(), self.contexts.len());
                    self.contexts.push(context.clone());
                    self.contexts.len() - 1
                }
            };
        }
        self.last
    }

    /// Sorts the contexts, so that their order is not that of reading; gives for each number the one it has then.
    fn sort(&mut self) -> Vec<usize> {
        let mut sorted: Vec<(Context, usize)> = std::mem::take(&mut self.contexts).into_iter().zip(0..).collect();
        sorted.sort();
        let mut ranks = vec![0; sorted.len()];
        for (rank, (context, number)) in sorted.into_iter().enumerate() {
            if let Some(slot) = ranks.get_mut(number) {
                *slot = rank;
            }
            self.contexts.push(context);
        }
        ranks
    }
}

impl<'r> Input<'r> {
    /// Looks at a reading.
    #[must_use]
    pub fn of(reading: &'r Reading, known: &'r Hints, scopes: &Scopes) -> Self {
        let mut numbering = Numbering::default();
        let of_objects: Vec<usize> = reading.objects.iter().map(|read| numbering.number(&read.context)).collect();
        let of_pods: Vec<usize> = reading.pods.iter().map(|read| numbering.number(&read.context)).collect();
        let of_unread: Vec<usize> = reading.unread.iter().map(|read| numbering.number(&read.context)).collect();
        let ranks = numbering.sort();
        let ranked = |numbers: Vec<usize>| -> Vec<usize> {
            numbers.into_iter().filter_map(|number| ranks.get(number).copied()).collect()
        };
        let (context_of_object, context_of_pod, context_of_unread) =
            (ranked(of_objects), ranked(of_pods), ranked(of_unread));
        let hints: Vec<Hint<'r>> = numbering.contexts.iter().map(|context| known.at(context)).collect();
        let deployed = numbering.contexts.iter().map(|context| known.deployed(context)).collect();
        let hint = |context: usize| hints.get(context).copied().unwrap_or_default();
        let mut sizes = vec![0; numbering.contexts.len()];
        let mut namespaces: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); numbering.contexts.len()];
        for (read, context) in reading.objects.iter().zip(&context_of_object) {
            let identity = &read.object.identity;
            let scoped = scopes.is_cluster_scoped(identity);
            let named = hint(*context).namespace_of(identity.namespace.as_deref()).filter(|_| !scoped);
            let declared = identity.kind.is_namespace().then_some(identity.name.as_str());
            if let Some(known) = namespaces.get_mut(*context) {
                known.extend(named.or(declared));
            }
            sizes.iter_mut().skip(*context).take(1).for_each(|size| *size += 1);
        }
        let mut last = None;
        for (pod, context) in reading.pods.iter().zip(&context_of_pod) {
            let here = (*context, pod.namespace.as_deref());
            if last.replace(here) != Some(here)
                && let Some(known) = namespaces.get_mut(*context)
            {
                known.extend(hint(*context).namespace_of(pod.namespace.as_deref()));
            }
        }
        Self {
            contexts: numbering.contexts,
            namespaces_of_contexts: namespaces,
            hints,
            deployed,
            sizes,
            objects: &reading.objects,
            context_of_object,
            pods: &reading.pods,
            context_of_pod,
            unread: &reading.unread,
            context_of_unread,
        }
    }

    /// Every object and its context's number.
    pub fn objects(&self) -> impl Iterator<Item = (&'r ReadObject, usize)> + '_ {
        self.objects.iter().zip(self.context_of_object.iter().copied())
    }

    /// Every controller-owned pod and its context's number.
    pub fn pods(&self) -> impl Iterator<Item = (&'r ReadPod, usize)> + '_ {
        self.pods.iter().zip(self.context_of_pod.iter().copied())
    }

    /// Everything unread and its context's number.
    pub fn unread(&self) -> impl Iterator<Item = (&'r Unread, usize)> + '_ {
        self.unread.iter().zip(self.context_of_unread.iter().copied())
    }

    /// The object at an index.
    #[must_use]
    pub fn object(&self, index: usize) -> Option<&'r ReadObject> {
        self.objects.get(index)
    }

    /// The pod at an index.
    #[must_use]
    pub fn pod(&self, index: usize) -> Option<&'r ReadPod> {
        self.pods.get(index)
    }

    /// The context of the object at an index.
    #[must_use]
    pub fn context_of_object(&self, index: usize) -> usize {
        self.context_of_object.get(index).copied().unwrap_or_default()
    }

    /// The context of the pod at an index.
    #[must_use]
    pub fn context_of_pod(&self, index: usize) -> usize {
        self.context_of_pod.get(index).copied().unwrap_or_default()
    }

    /// The namespace of what names this one, or none, in a context.
    #[must_use]
    pub fn namespace_of(&self, context: usize, named: Option<&'r str>) -> Option<&'r str> {
        self.hints.get(context).copied().unwrap_or_default().namespace_of(named)
    }

    /// The folder that everything stands in; empty where there is no such.
    #[must_use]
    pub fn root(&self) -> String {
        let folders = self.contexts.iter().map(Context::folder);
        let common = folders.map(str::to_owned).reduce(|one, other| {
            let same = one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other);
            same.map(|(segment, _)| segment).collect::<Vec<_>>().join("/")
        });
        common.unwrap_or_default()
    }

    /// What a street is called where nothing else says: the folder that everything stands in, below what the user
    /// typed.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let (root, above) = (self.root(), self.contexts.iter().map(|context| context.above).min().unwrap_or_default());
        folder::street_of(&root.split('/').skip(above).collect::<Vec<_>>())
    }

    /// Whether objects stand in a context.
    #[must_use]
    pub fn has_objects(&self, context: usize) -> bool {
        self.sizes.get(context).is_some_and(|size| *size > 0)
    }

    /// Whether what stands in a context names a namespace that says a stage by itself: such streets need no second
    /// cluster.
    #[must_use]
    pub fn tells_stages_apart(&self, context: usize) -> bool {
        let namespaces = self.namespaces_of_contexts.get(context);
        namespaces.is_some_and(|names| names.iter().any(|name| stage::of_name(name).is_some_and(|found| found.sure)))
    }
}
