//! Helm charts: recognised by their `Chart.yaml`, not rendered.

use crate::spelling::Spelling;
use crate::walk::{At, Found};
use dtap_snapshot::reading::{Unread, UnreadCause};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The charts among what was found, by their canonical folders.
#[derive(Debug, Default)]
pub struct Charts(BTreeMap<PathBuf, Spelling>);

/// What a file is to the chart that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A file of values.
    Values,
    /// Anything else that helm reads.
    Other,
}

/// What to do about a chart: its folder counts, and leaves everything open, until it is left out.
const IN_ITS_STEAD: &str = "read what it renders to in its stead: helm template NAME CHART -f VALUES | dtap scan PATH - \
                            --exclude FOLDER, the chart's as it is called from PATH on";

impl Charts {
    /// Recognises the charts.
    pub fn find(files: &[Found]) -> Self {
        let folders = files.iter().filter_map(|file| match &file.at {
            At::File(path) if path.file_name().is_some_and(|name| name == "Chart.yaml") => {
                Some((path.parent()?.to_owned(), file.spelling.at("..")))
            }
            _ => None,
        });
        Self(folders.collect())
    }

    /// What a file is to the chart it belongs to, where it belongs to one. Other files in a chart's folder are read as
    /// everywhere else.
    pub fn part(&self, path: &Path) -> Option<Part> {
        path.ancestors().skip(1).filter(|folder| self.0.contains_key(*folder)).find_map(|chart| {
            let inside = path.strip_prefix(chart).ok()?;
            let first = inside.iter().next()?.to_str()?;
            if inside.iter().nth(1).is_some() {
                return matches!(first, "templates" | "charts" | "crds" | "ci").then_some(Part::Other);
            }
            match first {
                "Chart.yaml" | "Chart.yml" | "requirements.yaml" => Some(Part::Other),
                _ if first.starts_with("values") => Some(Part::Values),
                _ => None,
            }
        })
    }

    /// One line for each chart that is no dependency within another, and that no kustomization inflates.
    pub fn unread(&self, inflated: &BTreeSet<PathBuf>) -> Vec<Unread> {
        let independent =
            self.0.iter().filter(|(folder, _)| !inflated.contains(*folder) && !self.is_dependency(folder));
        independent
            .map(|(_, spelling)| Unread {
                name: spelling.name.clone(),
                why: "is a helm chart, which is recognised and not rendered".to_owned(),
                hint: Some(IN_ITS_STEAD.to_owned()),
                place: None,
                cause: UnreadCause::Chart,
                context: spelling.context(false),
                namespace: None,
                object: None,
                confined: false,
            })
            .collect()
    }

    fn is_dependency(&self, folder: &Path) -> bool {
        folder.ancestors().skip(1).any(|above| {
            self.0.contains_key(above) && folder.strip_prefix(above).is_ok_and(|inside| inside.starts_with("charts"))
        })
    }
}
