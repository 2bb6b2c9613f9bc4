//! Paths to a [`Reading`]: walks folders, renders kustomize roots, recognises charts. Opens no connection, writes
//! nothing into what it reads, and runs nothing that the files it reads bring.
//!
//! The phases are the files: [`walk`] finds files, [`sort`] tells what each is, [`text`] reads them, [`kustomize`]
//! renders; what comes of it is decoded by `dtap-snapshot` and joined in one order that depends on the input alone.

mod chart;
mod decoded;
mod globs;
mod kustomize;
mod sort;
mod spelling;
mod text;
mod walk;

pub use globs::Globs;
pub use kustomize::render::remove_workplaces;

use dtap_model::place::{Origin, Place, Source};
use dtap_model::tree::{Node, Span};
use dtap_snapshot::Reading;
use dtap_snapshot::decode::{decode, documents};
use dtap_snapshot::reading::{Context, Notice, NoticeKind, SourceIgnore, Unread, UnreadCause};
use kustomize::unused::{Unused, namespace, tell, tell_below};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use walk::{At, Found, SourceIgnoreFile};

/// What to read.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Files, folders and `-`, as typed.
    pub paths: Vec<String>,
    /// What to leave out.
    pub exclude: Globs,
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
pub fn read(request: &Request) -> Reading {
    let mut walk = walk::walk(request);
    // In which order paths are given says nothing.
    walk.files.sort_by(|one, other| one.spelling.name.split('/').cmp(other.spelling.name.split('/')));
    let sorted = sort::sort(&walk.files);
    let mut reading = Reading { missing: walk.missing, unread: walk.unread, ..Reading::default() };
    reading.account.typed = spelling::heads(&request.paths);
    for (why, count) in &walk.left_out {
        decoded::add(&mut reading.account.left_out, why, *count);
    }
    for file in &walk.source_ignores {
        read_source_ignore(file, &mut reading);
    }
    let idle = request.exclude.written().iter().filter(|glob| !walk.heeded.contains(glob.trim_end()));
    reading.notices.extend(idle.map(|glob| Notice {
        kind: NoticeKind::OptionWithoutEffect {
            option: format!("--exclude {glob}"),
            why: "it matches nothing that is not left out anyway".to_owned(),
        },
        places: Vec::new(),
    }));
    let mut plain = sorted.plain;
    plain.extend(read_unused(&sorted.unused, tell, &mut reading));
    plain.extend(read_unused(&sorted.below, tell_below, &mut reading));
    read_plain(&plain, &mut reading);
    reading.account.files += sorted.used;
    if sorted.tests > 0 {
        reading.account.files += sorted.tests;
        decoded::add(&mut reading.account.left_out, "file of a test (Chainsaw, Kyverno)", sorted.tests);
    }
    if sorted.values > 0 {
        decoded::add(&mut reading.account.not_kubernetes, "values file", sorted.values);
    }
    reading.unread.extend(sorted.charts.unread(&sorted.graph.charts()));
    let names = walk.files.iter().filter_map(|file| match &file.at {
        At::File(path) => Some((path.as_path(), &file.spelling)),
        At::StandardInput => None,
    });
    let names: BTreeMap<&Path, _> = names.collect();
    kustomize::read(&sorted.graph, &sorted.found, &names, &walk.inputs, request.allow, &mut reading);
    reading
}

/// Reads and decodes files, side by side, and adds them in their order.
fn read_plain(files: &[&Found], reading: &mut Reading) {
    let texts: Vec<_> = files.par_iter().map(|file| (*file, text::read(file))).collect();
    let mut readable = Vec::new();
    for (file, text) in texts {
        match text {
            Ok(text) => {
                let origin = match file.at {
                    At::File(_) => Origin::File,
                    At::StandardInput => Origin::StandardInput,
                };
                readable.push((file, reading.sources.add(Source { name: file.spelling.name.clone(), origin, text })));
            }
            Err((why, hint)) => reading.unread.push(unread(file, why, hint, None, UnreadCause::File)),
        }
    }
    reading.account.files += readable.len();
    let sources = &reading.sources;
    let decode_one = |(file, source): &(&Found, _)| {
        let text = sources.get(*source).map_or("", |source| source.text.as_str());
        decode(*source, &file.spelling.name, text, &context(file))
    };
    let decoded: Vec<_> = readable.par_iter().map(decode_one).collect();
    for one in decoded {
        decoded::merge(reading, one);
    }
}

/// Accounts for files among a kustomization's or below them that none uses; gives back those that are read as any other
/// file.
///
/// What nobody lists is not deployed with the rest: it is counted, not read. A policy of which nobody knows whether it
/// holds makes its environment unknown.
fn read_unused<'walk>(
    files: &[&'walk Found],
    tell: fn(&str, &[Node<'_>]) -> Unused,
    reading: &mut Reading,
) -> Vec<&'walk Found> {
    let told: Vec<_> = files
        .par_iter()
        .map(|file| {
            let Ok(text) = text::read(file) else { return (*file, Unused::Other, None, String::new()) };
            let told = |documents: Vec<Node<'_>>| (tell(&file.spelling.name, &documents), namespace(&documents));
            let (what, namespace) = documents(&text).map_or((Unused::Other, None), told);
            (*file, what, namespace, text)
        })
        .collect();
    let mut others = Vec::new();
    for (file, what, namespace, text) in told {
        if what == Unused::Other {
            others.push(file);
            continue;
        }
        reading.account.files += 1;
        let name = &file.spelling.name;
        let mut place = || {
            let source = reading.sources.add(Source { name: name.clone(), origin: Origin::File, text: text.clone() });
            Place { source, span: Span::new(0, text.lines().next().map_or(0, str::len)) }
        };
        match what {
            Unused::Patch => {
                let places = vec![place()];
                reading.notices.push(Notice { kind: NoticeKind::UnusedPatch { file: name.clone() }, places });
            }
            Unused::Policy => {
                let place = place();
                let why =
                    "holds a policy and no kustomization uses it: whether it is applied cannot be told".to_owned();
                let hint = "list it under `resources`, or leave it out with --exclude".to_owned();
                let unread = unread(file, why, Some(hint), Some(place), UnreadCause::Kustomize);
                reading.unread.push(Unread { namespace, ..unread });
            }
            Unused::Manifest | Unused::Other => {
                decoded::add(&mut reading.account.left_out, "manifest that no kustomization uses", 1);
            }
        }
    }
    others
}

/// Reads what a `.sourceignore` file says. One that cannot be read leaves out everything, beside being told: what lies
/// there is not known to be applied.
fn read_source_ignore(file: &SourceIgnoreFile, reading: &mut Reading) {
    let text = text::read_file(&file.at).unwrap_or_else(|(why, hint)| {
        let found = Found { at: At::File(file.at.clone()), spelling: file.spelling.clone() };
        reading.unread.push(unread(&found, why, hint, None, UnreadCause::File));
        "*".to_owned()
    });
    reading.source_ignores.push(SourceIgnore { folder: file.folder.name.clone(), inside: file.inside.clone(), text });
}

fn context(file: &Found) -> Context {
    file.spelling.context(false)
}

fn unread(file: &Found, why: String, hint: Option<String>, place: Option<Place>, cause: UnreadCause) -> Unread {
    Unread {
        name: file.spelling.name.clone(),
        why,
        hint,
        place,
        cause,
        context: context(file),
        namespace: None,
        object: None,
        confined: false,
    }
}
