//! Findings drawn by a seed, told so that a person can judge them: each with its places and the YAML around them.

use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// Lines shown before and after a place.
const AROUND: usize = 6;

/// A finding as the report tells it, and the set that it is of.
pub struct Finding {
    set: &'static str,
    rule: String,
    severity: String,
    summary: String,
    fingerprint: String,
    places: Vec<Place>,
}

struct Place {
    file: String,
    line: usize,
    column: usize,
    label: String,
    excerpt: String,
}

impl Finding {
    /// The finding of one entry of a report's `findings`.
    pub fn new(set: &'static str, value: &Value) -> Self {
        let evidence = value.get("evidence").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        Self {
            set,
            rule: text(value, "rule"),
            severity: text(value, "severity"),
            summary: text(value, "summary"),
            fingerprint: text(value, "fingerprint"),
            places: evidence.iter().map(Place::new).collect(),
        }
    }

    /// The finding, its places, and the YAML around each of the first three. Files are looked for below `root`.
    pub fn told(&self, root: &Path) -> String {
        let mut told = format!("{}: {} {} {}\n", self.set, self.severity, self.rule, self.summary);
        for place in &self.places {
            // Writing to a String cannot fail.
            let _ = writeln!(told, "   {}:{}:{} {}", place.file, place.line, place.column, place.label);
        }
        for place in self.places.iter().take(3) {
            let _ = writeln!(told, "   --- {}", place.file);
            told.push_str(&place.around(root));
        }
        told
    }

    /// The cells of a table: set, finding, where, fingerprint.
    pub fn cells(&self) -> String {
        let place = self.places.first().map(|place| format!("{}:{}", place.file, place.line)).unwrap_or_default();
        let summary = self.summary.replace('|', "\\|");
        format!("{} | {} {}: {summary} | {place} | {}", self.set, self.severity, self.rule, self.fingerprint)
    }
}

impl Place {
    fn new(value: &Value) -> Self {
        let number = |key| value.get(key).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
        Self {
            file: text(value, "file"),
            line: number("line").unwrap_or(0),
            column: number("column").unwrap_or(0),
            label: text(value, "label"),
            excerpt: text(value, "excerpt"),
        }
    }

    /// The lines around the place. Of a rendering, which is no file, the line itself.
    fn around(&self, root: &Path) -> String {
        let Ok(text) = std::fs::read_to_string(root.join(&self.file)) else {
            return format!("   {:>5} > {}\n", self.line, self.excerpt);
        };
        let shown = text.lines().enumerate().map(|(index, line)| (index + 1, line));
        shown
            .filter(|(number, _)| number.abs_diff(self.line) <= AROUND)
            .map(|(number, line)| format!("   {number:>5} {} {line}\n", if number == self.line { '>' } else { ' ' }))
            .collect()
    }
}

/// So many findings drawn by the seed; the same seed over the same findings draws the same, in the same order.
pub fn draw(mut findings: Vec<Finding>, number: usize, seed: u64) -> Vec<Finding> {
    findings.sort_by(|one, other| (one.set, &one.fingerprint).cmp(&(other.set, &other.fingerprint)));
    fastrand::Rng::with_seed(seed).shuffle(&mut findings);
    findings.truncate(number);
    findings
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}
