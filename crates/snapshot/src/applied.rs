//! What deployment tools apply: the folders of a repository that Argo CD's and Flux's objects name.

use dtap_model::object::Object;
use dtap_model::tree::Node;

/// The folders that a tool's object applies: Flux's Kustomization, Argo CD's Application and its sets.
pub fn folders<'o>(object: &'o Object) -> impl Iterator<Item = Folder<'o>> {
    let kind = &object.identity.kind;
    let is_flux = kind.is("kustomize.toolkit.fluxcd.io", "Kustomization");
    let is_argo = kind.is("argoproj.io", "Application") || kind.is("argoproj.io", "ApplicationSet");
    let flux = object.tree.get("spec").filter(|_| is_flux);
    let argo = specs(object).filter(|_| is_argo).into_iter().flat_map(sources);
    flux.into_iter().chain(argo).filter_map(|source| Folder::of(source.get("path")?.as_str()?))
}

/// The `spec` of an Application, or that of the Applications of a set.
#[must_use]
pub fn specs<'o>(object: &'o Object) -> Option<&'o Node<'o>> {
    let steps: &[&str] = &["spec", "template", "spec"];
    object.tree.at(if object.identity.kind.kind == "ApplicationSet" { steps } else { &["spec"] })
}

/// The sources of an Application's `spec`.
#[must_use]
pub fn sources<'n>(spec: &'n Node<'n>) -> Vec<&'n Node<'n>> {
    let several = spec.get("sources").map(Node::items).unwrap_or_default();
    spec.get("source").into_iter().chain(several).collect()
}

/// The labels that Argo CD sets on the namespace that it makes for an Application, with that namespace's name; none where the
/// name is not written out.
#[must_use]
pub fn managed_labels<'o>(object: &'o Object) -> Option<(&'o str, &'o Node<'o>)> {
    let spec = specs(object)?;
    let name = spec.at(&["destination", "namespace"]).and_then(Node::as_str);
    let labels = spec.at(&["syncPolicy", "managedNamespaceMetadata", "labels"])?;
    name.filter(|name| !name.is_empty() && !name.contains(['{', '$'])).map(|name| (name, labels))
}

/// A folder of a repository, by its segments. One with `{{` in it may be called anything.
#[derive(Debug)]
pub struct Folder<'p>(Vec<&'p str>);

impl<'p> Folder<'p> {
    /// None for the whole repository, of which nobody knows where it lies in the input.
    #[must_use]
    pub fn of(path: &'p str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect();
        (!segments.is_empty()).then_some(Self(segments))
    }

    /// Whether a file lies in it and in no folder below it.
    #[must_use]
    pub fn is_of(&self, name: &str) -> bool {
        name.rsplit_once('/').is_some_and(|(folder, _)| self.is_called(folder))
    }

    /// Whether it is this folder of the input, whatever folders stand above it.
    #[must_use]
    pub fn is_called(&self, folder: &str) -> bool {
        let segments: Vec<&str> = folder.split('/').collect();
        let last = segments.get(segments.len().saturating_sub(self.0.len())..).unwrap_or_default();
        last.len() == self.0.len() && self.fits(last)
    }

    fn fits(&self, segments: &[&str]) -> bool {
        self.0.iter().zip(segments).all(|(own, other)| own.contains(['{', '$']) || own == other)
    }

    /// Whether a file, or what is rendered of a folder, lies in it, whatever folders stand above it.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        let segments: Vec<&str> = name.split('/').collect();
        segments.windows(self.0.len()).any(|window| self.fits(window))
    }
}

#[cfg(test)]
mod tests {
    use super::Folder;

    #[test]
    fn a_tool_names_a_folder_by_its_last_segments() {
        let is_called = |path: &str| Folder::of(path).is_some_and(|folder| folder.is_called("repo/apps/prd"));
        for path in ["./apps/prd", "apps/prd/", "prd", "apps/{{env}}", "${dir}/prd"] {
            assert!(is_called(path), "{path}");
        }
        for path in ["", "./", "apps", "apps/prd/web", "more/repo/apps/prd"] {
            assert!(!is_called(path), "{path}");
        }
    }
}
