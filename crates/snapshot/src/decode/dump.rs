//! JSON documents, and above all the lists of hundreds of megabytes that `kubectl get -A -o json` writes.
//!
//! The items of a long list are read in parallel, from places that look like the start of an item. Looking alone
//! decides nothing: what was read from such a place counts only when the reading of everything before it ends there.

use super::Decoded;
use super::document::{ListKind, Subject};
use super::fault::Fault;
use super::json::Reader;
use super::shape::{POD, Shape};
use crate::workload;
use dtap_model::tree::{Node, Value};
use memchr::memmem;
use rayon::prelude::*;

/// How many bytes of items are worth a task of their own.
const TASK: usize = 1 << 20;

/// How deep the items of a list stand.
const ITEM_DEPTH: usize = 2;

/// Reads one document from where the reader stands.
pub fn document<'source>(
    subject: &Subject<'source>,
    reader: &mut Reader<'source>,
    decoded: &mut Decoded,
) -> Result<(), Fault> {
    let start = reader.offset();
    reader.begin_object();
    if reader.peek() != Some(b'{') {
        let root = reader.value()?;
        subject.document(root, std::mem::take(&mut reader.duplicates), decoded);
        return Ok(());
    }
    let before = subject.objects_so_far();
    let (root, items) = mapping(subject, reader, ListKind::default())?;
    let is_list = super::document::is_list(&root);
    let items = match items {
        Some(items) if is_list && items.all_named => Some(items),
        // It says only after its items what they are, or is no list after all: it is read again.
        Some(_) => {
            reader.jump(start);
            reader.begin_object();
            reader.duplicates.clear();
            subject.count_objects_from(before);
            is_list
                .then(|| mapping(subject, reader, ListKind::of_list(&root)))
                .transpose()?
                .and_then(|(_, items)| items)
        }
        None => {
            subject.document(root, std::mem::take(&mut reader.duplicates), decoded);
            return Ok(());
        }
    };
    match items {
        Some(items) => {
            decoded.documents += 1;
            subject.rest_of(&root, decoded);
            subject.duplicates(std::mem::take(&mut reader.duplicates), decoded);
            decoded.append(items.decoded);
        }
        None => {
            let root = reader.value()?;
            subject.document(root, std::mem::take(&mut reader.duplicates), decoded);
        }
    }
    Ok(())
}

/// A document that is a mapping, and what its `items` hold where they are a list. `list` is what is known of them.
fn mapping<'source>(
    subject: &Subject<'source>,
    reader: &mut Reader<'source>,
    mut list: ListKind,
) -> Result<(Node<'source>, Option<Items>), Fault> {
    let mut items = None;
    let root = reader.mapping(|reader, key| {
        if key == "items" && items.is_none() && reader.peek() == Some(b'[') {
            items = Some(read_items(subject, reader, &list)?);
            // Stands for the items, which are read already.
            return Ok(Some(Node::synthetic(Value::Sequence(Vec::new()))));
        }
        let node = reader.value()?;
        list.take(key, &node);
        Ok(Some(node))
    })?;
    Ok((root, items))
}

/// The items of a list.
#[derive(Default)]
struct Items {
    decoded: Decoded,
    /// Whether each said its own kind, or the list had said it before.
    all_named: bool,
}

/// Items that were read from a place that looked like the start of one, up to the comma before the next such place.
struct Stretch {
    start: usize,
    read: Option<Items>,
    /// Where the next one starts.
    next: usize,
}

fn read_items<'source>(
    subject: &Subject<'source>,
    reader: &mut Reader<'source>,
    list: &ListKind,
) -> Result<Items, Fault> {
    reader.expect(b'[')?;
    let mut items = vec![Items { all_named: true, ..Items::default() }];
    if reader.eat(b']') {
        return Ok(Items { all_named: true, ..Items::default() });
    }
    let starts = starts(subject.text, reader.offset());
    let stretches: Vec<Stretch> = starts
        .par_windows(2)
        // Each is worth a task: none waits behind another while a processor is idle.
        .with_max_len(1)
        .filter_map(|pair| match pair {
            [start, next] => Some(stretch(subject, list, *start, *next)),
            _ => None,
        })
        .collect();
    let mut stretches = stretches.into_iter().peekable();
    loop {
        while stretches.next_if(|stretch| stretch.start < reader.offset()).is_some() {}
        let ready = stretches.next_if(|stretch| stretch.start == reader.offset());
        if let Some(Stretch { read: Some(read), next, .. }) = ready {
            items.push(read);
            reader.jump(next);
            continue;
        }
        if let Some(serial) = items.last_mut() {
            item(subject, reader, list, serial)?;
        }
        if !reader.more(b']')? {
            break;
        }
        reader.peek();
    }
    Ok(Items::join(subject, items))
}

/// Offsets that look like the starts of items, about one to a task: the first item's own, and those of texts that begin
/// as it begins, behind `},`.
fn starts(text: &str, first: usize) -> Vec<usize> {
    let bytes = text.as_bytes();
    let rest = bytes.get(first..).unwrap_or_default();
    let mut starts = Vec::new();
    let Some(opening) = opening(rest) else { return starts };
    let white = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    starts.push(first + white);
    let separator = [b"},", opening].concat();
    let finder = memmem::Finder::new(&separator);
    let mut from = first + TASK;
    while let Some(found) = bytes.get(from..).and_then(|rest| finder.find(rest)) {
        let start = from + found + 2 + white;
        starts.push(start);
        from = start + TASK;
    }
    starts
}

/// What the first item begins with, up to the end of its first key, the white space before it included.
fn opening(rest: &[u8]) -> Option<&[u8]> {
    let quote = memchr::memchr(b'"', rest)?;
    let end = memchr::memchr(b'"', rest.get(quote + 1..)?)?;
    rest.get(..quote + 1 + end + 1)
}

fn stretch(subject: &Subject<'_>, list: &ListKind, start: usize, next: usize) -> Stretch {
    let mut reader = Reader::within(subject.text, start, ITEM_DEPTH);
    let mut items = Items { all_named: true, ..Items::default() };
    let mut read = || -> Result<bool, Fault> {
        loop {
            item(subject, &mut reader, list, &mut items)?;
            reader.expect(b',')?;
            reader.peek();
            if reader.offset() >= next {
                return Ok(reader.offset() == next);
            }
        }
    };
    let arrived = matches!(read(), Ok(true));
    subject.duplicates(std::mem::take(&mut reader.duplicates), &mut items.decoded);
    Stretch { start, read: arrived.then_some(items), next }
}

fn item<'source>(
    subject: &Subject<'source>,
    reader: &mut Reader<'source>,
    list: &ListKind,
    items: &mut Items,
) -> Result<(), Fault> {
    reader.begin_object();
    let tree = tree(reader, list)?;
    items.all_named &= !list.kind.is_empty() || tree.get("kind").is_some();
    subject.item(tree, list, &mut items.decoded);
    Ok(())
}

/// One item; of a pod that a controller owns only what is judged, as soon as it shows that it is one.
fn tree<'source>(reader: &mut Reader<'source>, list: &ListKind) -> Result<Node<'source>, Fault> {
    if reader.peek() != Some(b'{') {
        return reader.value();
    }
    let mut is_pod = list.kind == "Pod" && list.api_version == "v1";
    let mut is_core = is_pod;
    let mut is_owned = false;
    reader.mapping(|reader, key| {
        if is_pod && is_core && is_owned {
            return pruned_field(reader, &POD, key);
        }
        let node = match key {
            "metadata" => metadata(reader)?,
            _ => reader.value()?,
        };
        match key {
            "kind" => is_pod = node.as_str() == Some("Pod"),
            "apiVersion" => is_core = node.as_str() == Some("v1"),
            "metadata" => is_owned = workload::is_made_alike(&node),
            // As every Service of no load balancer has it.
            "status" if says_nothing(&node) => return Ok(None),
            _ => {}
        }
        Ok(Some(node))
    })
}

/// Whether there is nothing but empty mappings.
fn says_nothing(node: &Node<'_>) -> bool {
    let is_mapping = matches!(node.value, Value::Mapping(_));
    is_mapping && node.entries().iter().all(|entry| says_nothing(&entry.node))
}

/// `metadata` without `managedFields`, the server's book-keeping.
fn metadata<'source>(reader: &mut Reader<'source>) -> Result<Node<'source>, Fault> {
    if reader.peek() != Some(b'{') {
        return reader.value();
    }
    reader.mapping(|reader, key| match key {
        "managedFields" => reader.skip().map(|()| None),
        _ => reader.value().map(Some),
    })
}

fn pruned_field<'source>(
    reader: &mut Reader<'source>,
    shape: &Shape,
    key: &str,
) -> Result<Option<Node<'source>>, Fault> {
    match shape.field(key) {
        Some(shape) => pruned(reader, shape).map(Some),
        None => reader.skip().map(|()| None),
    }
}

/// A value of which only the fields of a shape are kept.
fn pruned<'source>(reader: &mut Reader<'source>, shape: &'static Shape) -> Result<Node<'source>, Fault> {
    match (shape, shape.item(), reader.peek()) {
        (Shape::Fields(_), _, Some(b'{')) => reader.mapping(|reader, key| pruned_field(reader, shape, key)),
        (_, Some(item), Some(b'[')) => reader.sequence(|reader| pruned(reader, item)),
        _ => reader.value(),
    }
}

impl Items {
    fn join(subject: &Subject<'_>, parts: Vec<Self>) -> Self {
        let all_named = parts.iter().all(|part| part.all_named);
        Self { decoded: Decoded::join(subject, parts.into_iter().map(|part| part.decoded).collect()), all_named }
    }
}
