//! Names of files that are too long for the screen, cut where they can still be found.

use unicode_width::UnicodeWidthStr;

/// The name in at most `cells`: of a path, the last parts with `…/` before them, as many as fit, and one at least.
pub(super) fn fitted(name: &str, cells: usize) -> String {
    if name.width() <= cells {
        return name.to_owned();
    }
    let starts = name.char_indices().filter(|(_, character)| *character == '/').map(|(at, _)| at);
    let parts: Vec<String> = starts.filter_map(|at| Some(format!("…{}", name.get(at..)?))).collect();
    let fits = parts.iter().find(|part| part.width() <= cells);
    fits.or(parts.last()).cloned().unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_as_much_of_the_end_as_fits() {
        let name = "/data/live.example/shop-prod/policies.yaml:12:7";
        assert_eq!(fitted(name, 47), name);
        assert_eq!(fitted(name, 45), "…/live.example/shop-prod/policies.yaml:12:7");
        assert_eq!(fitted(name, 29), "…/policies.yaml:12:7");
        assert_eq!(fitted(name, 5), "…/policies.yaml:12:7");
        assert_eq!(fitted("policies.yaml:12:7", 5), "policies.yaml:12:7");
    }
}
