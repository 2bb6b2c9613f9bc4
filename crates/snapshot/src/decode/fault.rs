//! Why a text could not be read, before it becomes a line of the account.

use dtap_model::tree::Span;

/// What is wrong with a text, and where. Never shows a value: the text may be a Secret's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, as bytes of the text.
    pub span: Span,
    /// What, in one line.
    pub why: String,
}

impl Fault {
    /// A fault at one byte.
    #[must_use]
    pub fn at(offset: usize, why: impl Into<String>) -> Self {
        Self { span: Span::new(offset, offset), why: why.into() }
    }

    /// A fault about a stretch of text.
    #[must_use]
    pub fn over(span: Span, why: impl Into<String>) -> Self {
        Self { span, why: why.into() }
    }
}
