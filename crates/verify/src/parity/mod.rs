//! Parity: in what two environments differ, object by object and path by path, grouped into causes.

use dtap_report::Finding;
use dtap_report::report::ParityStep;
use dtap_snapshot::Snapshot;

/// Compares the neighbours along every street.
#[must_use]
pub fn judge(_snapshot: &Snapshot) -> (Vec<ParityStep>, Vec<Finding>) {
    (Vec::new(), Vec::new())
}
