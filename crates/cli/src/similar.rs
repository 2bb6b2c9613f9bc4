//! What somebody probably meant.

/// The name most like what was typed, when one is like it enough to ask: by how many letters differ, then by how they
/// begin.
pub fn closest<'names>(typed: &str, names: impl Iterator<Item = &'names str>) -> Option<&'names str> {
    let typed = typed.to_lowercase();
    let most_edits = (typed.chars().count() / 4).max(1);
    let likeness = |name: &'names str| {
        let spelt = name.to_lowercase();
        (strsim::osa_distance(&typed, &spelt), strsim::jaro_winkler(&typed, &spelt), name)
    };
    let alike = names.map(likeness).filter(|(edits, likeness, _)| *edits <= most_edits || *likeness > 0.8);
    let best = alike.min_by(|(edits, likeness, _), (other_edits, other_likeness, _)| {
        edits.cmp(other_edits).then(other_likeness.total_cmp(likeness))
    });
    best.map(|(.., name)| name)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn what_few_letters_tell_apart_is_meant() {
        let names = ["shop-dev", "shop-prd", "db", "web"];
        for (typed, meant) in [
            ("shop-dve", Some("shop-dev")),
            ("shop-prod", Some("shop-prd")),
            ("bd", Some("db")),
            ("WBE", Some("web")),
            ("billing", None),
            ("x", None),
        ] {
            assert_eq!(closest(typed, names.into_iter()), meant, "{typed}");
        }
    }
}
