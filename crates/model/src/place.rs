//! Where something was read: the sources, and places in them down to line and column.

use crate::tree::Span;

/// The index of a source among [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A range of bytes in one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The source.
    pub source: SourceId,
    /// The bytes.
    pub span: Span,
}

/// What a text was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file of the input.
    File,
    /// Standard input (`-`).
    StandardInput,
    /// What a renderer made of a folder; the source's name is that folder.
    Rendering {
        /// The program, such as `kustomize`.
        program: String,
    },
}

/// One text that was read, or a rendering of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How a person names it: the path as reached from what the user typed, with `/` between folders.
    pub name: String,
    /// What it was read from.
    pub origin: Origin,
    /// Its text.
    pub text: String,
}

/// Every source of an input, in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources(Vec<Source>);

/// A line and a column, both counted from one; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Sources {
    /// Adds a source and gives it its id.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(source);
        id
    }

    /// The source with this id.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.0.get(usize::try_from(id.0).ok()?)
    }

    /// All sources with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0_u32..).map(SourceId).zip(&self.0)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Source {
    /// Line and column of a byte offset; one past the end for offsets outside the text.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(self.text.len());
        let before = self.text.as_bytes().get(..offset).unwrap_or_default();
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        // Continuation bytes of UTF-8 are no characters of their own.
        let characters = before.iter().skip(line_start).filter(|byte| **byte & 0xC0 != 0x80).count();
        LineColumn { line: before.iter().filter(|byte| **byte == b'\n').count() + 1, column: characters + 1 }
    }

    /// The whole line, without its end, that holds a byte offset.
    #[must_use]
    pub fn line_at(&self, offset: u32) -> &str {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(self.text.len());
        let bytes = self.text.as_bytes();
        let start = bytes.iter().take(offset).rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let end =
            bytes.iter().skip(offset).position(|byte| *byte == b'\n').map_or(bytes.len(), |length| offset + length);
        self.text.get(start..end).unwrap_or_default().trim_end_matches('\r')
    }
}
