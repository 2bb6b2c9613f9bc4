//! Lines and columns for many places at once: one pass over each source, however large it is.

use dtap_model::place::{LineColumn, Origin, Place, Source, SourceId, Sources};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Where places start, as lines and columns.
#[derive(Clone, Debug, Default)]
pub struct Positions(BTreeMap<(SourceId, u32), LineColumn>);

impl Positions {
    /// Looks up every place. A place in no source is left out.
    pub fn of(sources: &Sources, places: impl IntoIterator<Item = Place>) -> Self {
        let mut positions: BTreeMap<(SourceId, u32), LineColumn> = places
            .into_iter()
            .filter(|place| sources.get(place.source).is_some())
            .map(|place| ((place.source, place.span.start), LineColumn { line: 1, column: 1 }))
            .collect();
        // What has been counted so far: in this source, up to this byte.
        let mut counted: Option<(SourceId, usize, LineColumn)> = None;
        for (&(id, offset), position) in &mut positions {
            let Some(source) = sources.get(id) else { continue };
            let bytes = source.text.as_bytes();
            let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
            let (from, at) = match counted {
                Some((of, from, at)) if of == id => (from, at),
                _ => (0, LineColumn { line: 1, column: 1 }),
            };
            *position = advanced(at, bytes.get(from..offset).unwrap_or_default());
            counted = Some((id, offset, *position));
        }
        Self(positions)
    }

    /// Where a place starts, when it was among those looked up.
    #[must_use]
    pub fn start(&self, place: Place) -> Option<LineColumn> {
        self.0.get(&(place.source, place.span.start)).copied()
    }

    /// Where a place is, as [`cited`] says it, when it was among those looked up.
    #[must_use]
    pub fn cite(&self, sources: &Sources, place: Place) -> Option<String> {
        Some(cited(sources.get(place.source)?, self.start(place)?))
    }
}

/// `file:line:column`; `folder, rendered:line:column` for what a renderer made of a folder, which has no such lines in
/// any file.
#[must_use]
pub fn cited(source: &Source, LineColumn { line, column }: LineColumn) -> String {
    let rendered = match source.origin {
        Origin::File | Origin::StandardInput => "",
        Origin::Rendering { .. } => ", rendered",
    };
    format!("{}{rendered}:{line}:{column}", source.name)
}

/// Where one is after `text`, having been `at`. A line may be a whole dump: its stretches are counted side by side.
fn advanced(at: LineColumn, text: &[u8]) -> LineColumn {
    let Extent { lines, characters } = extent(text, STRETCH);
    let column = if lines > 0 { 1 } else { at.column };
    LineColumn { line: at.line + lines, column: column + characters }
}

/// How many bytes are counted at a time.
const STRETCH: usize = 1 << 20;

/// How far a text reaches, counted so many bytes at a time.
fn extent(text: &[u8], stretch: usize) -> Extent {
    text.par_chunks(stretch).map(Extent::of).reduce(Extent::default, Extent::followed_by)
}

/// How far a text reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Extent {
    /// How many lines end in it.
    lines: usize,
    /// How many characters stand behind the last end.
    characters: usize,
}

impl Extent {
    fn of(text: &[u8]) -> Self {
        let behind = memchr::memrchr(b'\n', text).map_or(0, |last| last + 1);
        let lines = memchr::memchr_iter(b'\n', text.get(..behind).unwrap_or_default()).count();
        Self { lines, characters: characters(text.get(behind..).unwrap_or_default()) }
    }

    fn followed_by(self, next: Self) -> Self {
        let before = if next.lines > 0 { 0 } else { self.characters };
        Self { lines: self.lines + next.lines, characters: before + next.characters }
    }
}

/// How many characters begin in `text`.
fn characters(text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    // Continuation bytes of UTF-8 are no characters of their own.
    text.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtap_model::tree::Span;

    #[test]
    fn agrees_with_counting_from_the_start_for_every_offset() {
        let mut sources = Sources::default();
        let texts = ["a: é\n\nb:\r\n  - ü: ß\n", "", "one line"];
        let ids: Vec<SourceId> = texts
            .iter()
            .map(|text| sources.add(Source { name: "f".into(), origin: Origin::File, text: (*text).into() }))
            .collect();
        let places: Vec<Place> = ids
            .iter()
            .zip(texts)
            .flat_map(|(id, text)| {
                (0..=text.len()).rev().map(|at| Place { source: *id, span: Span::new(at, at) }).collect::<Vec<_>>()
            })
            .collect();
        let positions = Positions::of(&sources, places.clone());
        for place in places {
            let expected = sources.get(place.source).unwrap().line_column(place.span.start);
            assert_eq!(positions.start(place), Some(expected), "{place:?}");
        }
    }

    #[test]
    fn what_was_rendered_is_cited_as_no_file() {
        let of = |origin| {
            let source = Source { name: "overlays/prd".into(), origin, text: String::new() };
            cited(&source, LineColumn { line: 77, column: 7 })
        };
        assert_eq!(of(Origin::File), "overlays/prd:77:7");
        assert_eq!(of(Origin::Rendering { program: "kustomize".into() }), "overlays/prd, rendered:77:7");
    }

    #[test]
    fn stretches_add_up_wherever_lines_and_characters_are_split() {
        for text in ["", "ü\nß", "ab\n", "\n\n", "one line", "a\r\nöö\nlast ß"] {
            let whole = Extent::of(text.as_bytes());
            for stretch in 1..=text.len().max(1) {
                assert_eq!(extent(text.as_bytes(), stretch), whole, "{text:?} by {stretch}");
            }
        }
    }
}
