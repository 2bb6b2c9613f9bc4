//! A line of a source with a mark under what matters, as compilers show it. Nothing secret passes: see [`crate::mask`].

use crate::finding::Evidence;
use crate::mask;
use dtap_model::place::{Source, Sources};
use std::collections::BTreeSet;
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// A line that can be shown, and what of it is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line: masked, tabs widened, cut to the width asked for.
    pub text: String,
    /// The columns of `text` to underline, counted from zero in terminal cells; never empty.
    pub marked: Range<usize>,
}

/// Lines longer than this are looked at only near the place: a dump may be a single line of many megabytes.
const LONG: usize = 2000;

/// How long a value is at least that is looked for elsewhere on its line: a shorter one is part of anything.
const TELLING: usize = 6;

/// The values that evidence masks: no line that is shown says one of them, whatever it is shown for.
#[derive(Clone, Debug, Default)]
pub struct Masked(BTreeSet<String>);

impl Masked {
    /// What some evidence masks, as far as it is long enough to be told from other words.
    #[must_use]
    pub fn by<'e>(sources: &Sources, evidence: impl Iterator<Item = &'e Evidence>) -> Self {
        let value = |evidence: &Evidence| {
            let source = sources.get(evidence.place.source)?;
            let text = source.text.as_str();
            let [start, end] = [evidence.place.span.start, evidence.place.span.end]
                .map(|at| floor_boundary(text, usize::try_from(at).unwrap_or(usize::MAX)));
            let value = text.get(start..end)?.trim_matches(['"', '\'']);
            (value.len() >= TELLING && !value.contains('\n')).then(|| value.to_owned())
        };
        Self(evidence.filter(|evidence| evidence.hides_value()).filter_map(value).collect())
    }

    /// Where a line says one of them.
    fn said_on<'text>(
        &'text self,
        text: &'text str,
        line: &Range<usize>,
    ) -> impl Iterator<Item = Range<usize>> + 'text {
        let content = text.get(line.clone()).unwrap_or_default();
        let from = line.start;
        let said = self.0.iter().flat_map(|value| content.match_indices(value.as_str()));
        said.map(move |(at, value)| from + at..from + at + value.len())
    }
}

/// The line on which the place of an evidence starts, at most `width` cells wide. What this or other evidence masks is
/// masked here, too, whatever the line says of it.
#[must_use]
pub fn excerpt(source: &Source, evidence: &Evidence, masked: &Masked, width: usize) -> Excerpt {
    let (text, place) = (source.text.as_str(), evidence.place);
    let start = floor_boundary(text, usize::try_from(place.span.start).unwrap_or(usize::MAX));
    let end = floor_boundary(text, usize::try_from(place.span.end).unwrap_or(usize::MAX));
    let Some(line) = line_around(text, start) else {
        let span = start..end.max(start);
        let is_hidden = evidence.hides_value() || masked.said_on(text, &span).next().is_some();
        return only_the_value(text, span, is_hidden, width);
    };
    let mut hidden = mask::hidden(text, line.clone());
    hidden.extend(masked.said_on(text, &line));
    let end = end.min(line.end).max(start);
    if evidence.hides_value() {
        hidden.push(start..end);
        hidden.extend(said_again(text, &line, start..end));
    }
    fit(render(text, line, &hidden, start..end), width)
}

/// Where else a line says what a span of it does.
fn said_again<'text>(
    text: &'text str,
    line: &Range<usize>,
    span: Range<usize>,
) -> impl Iterator<Item = Range<usize>> + 'text {
    let value = text.get(span).unwrap_or_default().trim_matches(['"', '\'']);
    let content = text.get(line.clone()).filter(|_| value.len() >= TELLING).unwrap_or_default();
    let from = line.start;
    content.match_indices(value).map(move |(at, value)| from + at..from + at + value.len())
}

/// For a line too long to show or to mask: the marked value alone, and nothing where it might be a secret.
fn only_the_value(text: &str, span: Range<usize>, is_hidden: bool, width: usize) -> Excerpt {
    let value = text.get(span.clone()).unwrap_or_default();
    let first_line = value.split('\n').next().unwrap_or_default().trim_end_matches('\r');
    let span = span.start..span.start + first_line.len();
    let near = floor_boundary(text, span.start.saturating_sub(mask::NEAR))
        ..floor_boundary(text, span.end.saturating_add(mask::NEAR));
    let is_hidden = is_hidden || mask::may_be_secret(text.get(near).unwrap_or_default());
    let hidden = if is_hidden { vec![span.clone()] } else { Vec::new() };
    let shown = span.start..floor_boundary(text, span.end.min(span.start + LONG));
    let mut excerpt = render(text, shown.clone(), &hidden, shown);
    excerpt.text = format!("…{}…", excerpt.text);
    excerpt.marked = excerpt.marked.start + 1..excerpt.marked.end + 1;
    fit(excerpt, width)
}

/// The line that holds an offset, without its end; none where it is long. Looks no further than a line may reach.
fn line_around(text: &str, offset: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let (earliest, latest) = (offset.saturating_sub(LONG + 1), (offset + LONG + 2).min(bytes.len()));
    let start = match memchr::memrchr(b'\n', bytes.get(earliest..offset)?) {
        Some(newline) => earliest + newline + 1,
        None if earliest == 0 => 0,
        None => return None,
    };
    let mut end = match memchr::memchr(b'\n', bytes.get(offset..latest)?) {
        Some(length) => offset + length,
        None if latest == bytes.len() => latest,
        None => return None,
    };
    if end > start && bytes.get(end - 1) == Some(&b'\r') {
        end -= 1;
    }
    (end - start <= LONG).then_some(start..end)
}

/// The line as it is shown, with the cells that the span covers.
fn render(text: &str, line: Range<usize>, hidden: &[Range<usize>], span: Range<usize>) -> Excerpt {
    let mut shown = String::new();
    let mut column = 0;
    let (mut from, mut to) = (None, None);
    for (at, character) in text.get(line.clone()).unwrap_or_default().char_indices() {
        let at = line.start + at;
        if at >= span.start && from.is_none() {
            from = Some(column);
        }
        if at >= span.end && to.is_none() {
            to = Some(column);
        }
        match hidden.iter().find(|range| range.contains(&at)) {
            Some(range) if range.start == at || at == line.start => {
                shown.push_str(mask::MASK);
                column += mask::MASK.len();
            }
            Some(_) => {}
            None if character == '\t' => {
                shown.push_str("    ");
                column += 4;
            }
            None => {
                shown.push(character);
                column += character.width().unwrap_or(1);
            }
        }
    }
    let from = from.unwrap_or(column);
    Excerpt { text: shown, marked: from..to.unwrap_or(column).max(from + 1) }
}

/// Cuts an excerpt to a width, keeping the start of the mark in sight.
fn fit(excerpt: Excerpt, width: usize) -> Excerpt {
    let width = width.max(20);
    let cells: usize = excerpt.text.chars().map(|character| character.width().unwrap_or(1)).sum();
    if cells <= width {
        return excerpt;
    }
    let skip = if excerpt.marked.start + 10 > width { excerpt.marked.start.saturating_sub(width / 3) } else { 0 };
    let mut text = String::new();
    let mut column = 0;
    for character in excerpt.text.chars() {
        let cell = character.width().unwrap_or(1);
        if column >= skip && column + cell < skip + width {
            text.push(if column == skip && skip > 0 { '…' } else { character });
        }
        column += cell;
    }
    text.push('…');
    let marked = excerpt.marked.start - skip..excerpt.marked.end.saturating_sub(skip).min(width);
    Excerpt { text, marked }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
