//! Which names speak of a secret: keys, flags, variables.

/// Fields of the API that name a secret or a key and hold none.
const NAMING_FIELDS: [&str; 6] = [
    "secretname",
    "topologykey",
    "automountserviceaccounttoken",
    "secretkeyref",
    "configmapkeyref",
    "serviceaccounttoken",
];

/// Words that speak of a secret when they stand alone in a name.
const SECRET_WORDS: [&str; 21] = [
    "pass",
    "pwd",
    "pw",
    "psk",
    "passcode",
    "pin",
    "pat",
    "otp",
    "jwt",
    "dsn",
    "cred",
    "creds",
    "auth",
    "masterauth",
    "authorization",
    "bearer",
    "cookie",
    "salt",
    "encrypteddata",
    // Of a generator: each is a key with its value, or what somebody took for one.
    "literals",
    "dockerconfigjson",
];

/// Parts of a name that speak of a secret wherever they stand in it, separators left out.
const SECRET_PARTS: [&str; 19] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "lastapplied",
    "stringdata",
    "binarydata",
    "htpasswd",
    "connectionstring",
    "connstr",
    "fromliteral",
    "securejson",
    "honeycombteam",
    "otlpheaders",
    "idrsa",
    "idecdsa",
    "ided25519",
];

/// Whether a key, flag or variable of this name holds what must not be shown.
#[must_use]
pub fn speaks_of_secret(name: &str) -> bool {
    let words = Words::of(name);
    if NAMING_FIELDS.contains(&words.joined.as_str()) {
        return false;
    }
    words.holds_part()
        || words.iter().any(|word| {
            // `DB_PIN2` is one of several.
            let word = word.trim_end_matches(|last: char| last.is_ascii_digit());
            SECRET_WORDS.contains(&word)
                || word.ends_with("key")
                || word.ends_with("keys")
                || word.ends_with("pass")
                || word.ends_with("pwd")
                || word.ends_with("pw")
        })
        || calls_somebody(name, &words)
}

/// Whether a name is that of an address or a service at which whoever knows it may write or raise an alarm:
/// `SLACK_WEBHOOK`, `webhookUrl`, `PAGERDUTY_SERVICE`. Objects and containers of such a name (`cert-manager-webhook`)
/// hold no address.
fn calls_somebody(name: &str, words: &Words) -> bool {
    let is_address = ["webhookurl", "webhookurls", "webhookuri"].iter().any(|end| words.joined.ends_with(end));
    let is_variable = words.starts.len() > 1 && !name.contains(['-', '.', '/']);
    is_address || is_variable && (words.joined.ends_with("webhook") || words.joined.contains("pagerduty"))
}

/// Whether this is the API's own field `key` (of a selector, a toleration, a reference), which holds a name.
pub(super) fn is_field_key(key: &str) -> bool {
    key == "key"
}

/// The words of a name in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` are `db`, `password`.
///
/// Every token of the text around a value is asked for its words, so they share one string.
struct Words {
    /// All of them, without what parts them.
    joined: String,
    /// Where each begins.
    starts: Vec<usize>,
}

impl Words {
    fn of(name: &str) -> Self {
        let mut words = Self { joined: String::with_capacity(name.len()), starts: Vec::new() };
        let mut begins = true;
        let mut before_lower = false;
        for character in name.chars() {
            if character.is_ascii_lowercase() || character.is_ascii_digit() {
                words.letter(begins, character);
                (begins, before_lower) = (false, true);
                continue;
            }
            begins |= character.is_uppercase() && before_lower;
            if character.is_alphanumeric() {
                character.to_lowercase().for_each(|lower| words.letter(std::mem::take(&mut begins), lower));
            } else {
                begins = true;
            }
            before_lower = character.is_lowercase() || character.is_numeric();
        }
        words
    }

    fn letter(&mut self, begins: bool, letter: char) {
        if begins {
            self.starts.push(self.joined.len());
        }
        self.joined.push(letter);
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let ends = self.starts.iter().skip(1).copied().chain([self.joined.len()]);
        self.starts.iter().zip(ends).filter_map(|(start, end)| self.joined.get(*start..end))
    }

    fn holds_part(&self) -> bool {
        self.joined.char_indices().any(|(at, first)| {
            matches!(first, 'p' | 's' | 't' | 'c' | 'l' | 'h' | 'b' | 'f' | 'o' | 'i')
                && self.joined.get(at..).is_some_and(|rest| SECRET_PARTS.iter().any(|part| rest.starts_with(part)))
        })
    }
}
