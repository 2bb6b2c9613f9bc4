//! How much of one text is read and told, so that no text takes more than its share of memory.
//!
//! Whatever goes beyond a limit is an error of the text, and makes unknown what hangs on it: nothing is dropped in
//! silence.

use super::fault::Fault;
use dtap_model::tree::Span;

/// How many values one document or one item of a list holds. The API server stores at most 1.5 MiB of an object, which
/// is room for fewer.
pub const NODES: usize = 1 << 20;

/// How many objects one text holds, controller-owned pods too: several times what the largest clusters hold.
pub const OBJECTS: usize = 500_000;

/// How many faults of one text are told one by one.
pub const TOLD: usize = 100;

/// How many repeated keys of one text are told.
pub const NOTICED: usize = 10_000;

/// Counts the values of one document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nodes(usize);

impl Nodes {
    /// One more value, which stands at `span`.
    pub fn add(&mut self, span: Span) -> Result<(), Fault> {
        self.0 += 1;
        if self.0 > NODES {
            return Err(Fault::over(
                span,
                format!("an object of more than {NODES} values, which no API server stores"),
            ));
        }
        Ok(())
    }
}
