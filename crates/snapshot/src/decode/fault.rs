//! Why a text could not be read, before it becomes a line of the account.

use dtap_model::tree::Span;

/// The first thing in a text that is no YAML or JSON, or goes beyond what is safe to read. Never shows a value: the
/// text may be a Secret's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, as bytes of the text.
    pub span: Span,
    /// What, in one line without a place.
    pub message: String,
}

impl Fault {
    /// A fault at one byte.
    #[must_use]
    pub fn at(offset: usize, message: impl Into<String>) -> Self {
        Self { span: Span::new(offset, offset), message: message.into() }
    }

    /// A fault about a stretch of text.
    #[must_use]
    pub fn over(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}
