//! Names of hosts in texts: where a value leads, told from whatever else has dots in it.

/// Hosts that everybody uses, in which a word for a stage names no environment of theirs.
const PUBLIC: [&str; 4] = ["dev.azure.com", "dev.mysql.com", "test.pypi.org", "test.salesforce.com"];

/// What the names of hosts end with, besides the two letters of a country.
const ENDS: [&str; 28] = [
    "com", "net", "org", "io", "gov", "edu", "mil", "info", "biz", "cloud", "app", "dev", "tech", "systems",
    "services", "network", "online", "example", "test", "local", "internal", "intranet", "corp", "lan", "home", "svc",
    "arpa", "zone",
];

/// Ends of files and of names in programs that look like countries.
const FILES: [&str; 16] =
    ["js", "ts", "py", "sh", "md", "rs", "rb", "go", "cs", "kt", "gz", "so", "db", "id", "pl", "cc"];

/// The hosts that a text leads to: after `://` or `@`, or where the text itself is a host with or without a port and a
/// path. A host has three parts at least.
pub fn hosts(text: &str) -> impl Iterator<Item = &str> {
    let led_to = text.match_indices("://").map(|(at, mark)| at + mark.len());
    let led_to = led_to.chain(text.match_indices('@').map(|(at, mark)| at + mark.len()));
    let led_to = led_to.filter_map(|at| Some(host(text.get(at..)?)));
    let itself = Some(host(text)).filter(|host| {
        let after = text.get(host.len()..).unwrap_or_default();
        (after.is_empty() || after.starts_with([':', '/'])) && ends_as_host(host)
    });
    led_to.chain(itself).filter(|host| host.split('.').filter(|part| !part.is_empty()).count() > 2 && !is_public(host))
}

/// The characters at the beginning of a text that a host may have.
fn host(text: &str) -> &str {
    let end = text.find(|character: char| !character.is_ascii_alphanumeric() && !matches!(character, '-' | '.'));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

fn ends_as_host(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let country = last.len() == 2 && last.bytes().all(|byte| byte.is_ascii_lowercase()) && !FILES.contains(&last);
    country || ENDS.contains(&last)
}

fn is_public(host: &str) -> bool {
    PUBLIC
        .iter()
        .any(|public| host.strip_suffix(public).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::hosts;

    #[test]
    fn hosts_are_told_from_files_and_other_dotted_names() {
        let rows = [
            ("db.prd.shop.example", "db.prd.shop.example"),
            ("db.prd.shop.example:5432", "db.prd.shop.example"),
            ("jdbc:postgresql://db.prd.shop.example:5432/orders", "db.prd.shop.example"),
            ("say postgres://user:pass@db.prd.shop.example/orders twice", "user db.prd.shop.example"),
            ("application.prd.yaml", ""),
            ("logging.level.prd", ""),
            ("main.prd.js", ""),
            ("prd.example", ""),
            ("https://dev.azure.com/shop", ""),
            ("see db.prd.shop.example", ""),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = hosts(text).collect();
            let expected: Vec<&str> = expected.split(' ').filter(|host| host.contains('.')).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
