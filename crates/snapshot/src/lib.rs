//! Bytes to objects, objects to a [`Snapshot`]: every object of one or more clusters at one moment, in one model.
//!
//! The phases are the folders: [`decode`] reads one text into object trees; [`infer`] finds clusters, environments and
//! streets; [`snapshot`] joins them. Beside them [`applied`] tells which folders deployment tools apply. Knows no
//! network, no clock, no terminal; runs no program; opens no file.

pub mod applied;
pub mod decode;
pub mod inert;
pub mod infer;
pub mod reading;
pub mod snapshot;
pub mod workload;

pub use reading::{Account, Notice, NoticeKind, Reading, Unread};
pub use snapshot::{Candidate, Gap, Hides, Reach, Snapshot};
