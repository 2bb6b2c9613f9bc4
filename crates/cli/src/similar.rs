//! What somebody probably meant.

/// The name most like what was typed, when one is like it enough to ask.
pub fn closest<'names>(typed: &str, names: impl Iterator<Item = &'names str>) -> Option<&'names str> {
    let typed = typed.to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&typed, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, name)| name)
}
