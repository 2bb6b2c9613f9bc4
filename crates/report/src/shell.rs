//! Words of a command that somebody is told to type, so that a shell takes each for one word and for nothing else: what
//! manifests, folders and labels say may hold any character.

use std::borrow::Cow;

/// A word as a shell takes it. What stands before and behind an `=` is quoted by itself, so that `NAME=namespace:shop`
/// needs no quotes; a shell drops no character that is quoted, but cannot be given a NUL.
#[must_use]
pub fn word(text: &str) -> String {
    let quoted =
        |part: &str| shlex::Quoter::new().allow_nul(true).quote(part).map_or_else(|_| "''".to_owned(), Cow::into_owned);
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => format!("{}={}", quoted(name), word(value)),
        _ => quoted(text),
    }
}

/// Words side by side.
#[must_use]
pub fn words<'w>(texts: impl IntoIterator<Item = &'w String>) -> String {
    texts.into_iter().map(|text| word(text)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_shell_takes_a_word_for_itself() {
        for bare in ["shop", "shop/dev", "a=namespace:shop-dev", "two=label:env=two", "-", "./a_b.yaml", "https://a:1"]
        {
            assert_eq!(word(bare), bare);
        }
        for (text, expected) in [
            ("", "''"),
            ("a b", "'a b'"),
            ("two=label:t;reboot=two", "two='label:t;reboot'=two"),
            ("env;id/blue", "'env;id/blue'"),
            ("prd=namespace:*-prd", "prd='namespace:*-prd'"),
            ("it's", "\"it's\""),
            ("$(id)", "'$(id)'"),
            ("`id`", "'`id`'"),
            ("=x", "'=x'"),
            ("a=", "'a='"),
            ("a\nb", "'a\nb'"),
        ] {
            assert_eq!(word(text), expected);
        }
        for hostile in ["a'; reboot; '", "\\", "a=b'c=$d", "!x^y", "~", "{a,b}", "a\tb", "ä ö", "=a=b=", "a==b"] {
            assert_eq!(shlex::split(&word(hostile)), Some(vec![hostile.to_owned()]), "{}", word(hostile));
        }
    }
}
