//! What gives itself away as a credential wherever it stands, whatever it is called.

use std::ops::Range;

/// How tokens of known services begin.
const TOKENS: [&str; 19] = [
    "eyJ",
    "-----BEGIN",
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xapp-",
    "sk_live_",
    "rk_live_",
    "AIza",
    "hvs.",
    "npm_",
];

/// Addresses of services whose path is the credential.
const WEBHOOKS: [&str; 13] = [
    "hooks.slack.com/",
    "discord.com/api/webhooks/",
    "discordapp.com/api/webhooks/",
    "webhook.office.com/",
    "outlook.office.com/webhook/",
    "api.telegram.org/bot",
    "hooks.zapier.com/hooks/",
    "maker.ifttt.com/",
    "chat.googleapis.com/",
    "events.pagerduty.com/integration/",
    "api.opsgenie.com/",
    "open.feishu.cn/open-apis/bot/",
    "logic.azure.com",
];

/// What gives itself away wherever it stands: credentials before an `@`, of an `Authorization` header, behind a
/// one-letter flag; tokens and addresses of known services; a JSON Web Token, a PEM block.
pub(super) fn inline_secrets(content: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, mark) in content.match_indices("://") {
        let authority = at + mark.len();
        let rest = content.get(authority..).unwrap_or_default();
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'')).unwrap_or(rest.len());
        let Some((user, _)) = rest.get(..end).and_then(|authority| authority.rsplit_once('@')) else { continue };
        ranges.push(authority..authority + user.len());
    }
    for mark in TOKENS {
        for (at, _) in content.match_indices(mark) {
            let rest = content.get(at..).unwrap_or_default();
            let end = rest.find(['"', '\'', ',']).unwrap_or(rest.len());
            ranges.push(at..at + end);
        }
    }
    for (at, mark) in WEBHOOKS.iter().flat_map(|mark| content.match_indices(mark)) {
        ranges.push(at + mark.len()..word_end(content, at));
    }
    ranges.extend(words_of(content).filter_map(|word| credential(content, word)));
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, kept| {
        let joined = next.start <= kept.end;
        if joined {
            kept.end = kept.end.max(next.end);
        }
        joined
    });
    ranges
}

/// Whether a character ends a word of a shell or of YAML.
fn ends_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | '\'' | ',' | '[' | ']' | '{' | '}' | ';')
}

/// Where the word that `at` stands in ends.
fn word_end(content: &str, at: usize) -> usize {
    content.get(at..).and_then(|rest| rest.find(ends_word)).map_or(content.len(), |end| at + end)
}

/// The words of a line as a shell tells them apart.
fn words_of(content: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = content.get(at..)?;
        let start = at + rest.find(|character| !ends_word(character))?;
        at = word_end(content, start);
        Some(start..at)
    })
}

/// The credential in a word, or behind it: `user:password@host`, `-pPASSWORD`, `Bearer TOKEN`.
fn credential(content: &str, word: Range<usize>) -> Option<Range<usize>> {
    let text = content.get(word.clone())?;
    if text.eq_ignore_ascii_case("basic") || text.eq_ignore_ascii_case("bearer") {
        let behind = content.get(word.end..)?;
        let gap = behind.len() - behind.trim_start_matches(' ').len();
        let start = word.end + gap;
        return (gap > 0).then(|| start..word_end(content, start));
    }
    if let Some(value) = text.strip_prefix("-p").filter(|value| !value.is_empty() && !is_long_flag(value)) {
        return Some(word.end - value.len()..word.end);
    }
    let (user, host) = text.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    // `x:1@sha256:…` is an image by its digest.
    let digest = host.starts_with("sha256:") || host.starts_with("sha512:");
    (!digest && !host.is_empty() && !password.is_empty()).then(|| word.start..word.start + user.len())
}

/// Whether what follows `-p` makes the name of a flag of several letters, such as `-port=80`, or a number.
fn is_long_flag(rest: &str) -> bool {
    const FLAGS: [&str; 20] = [
        "ort", "ath", "rofile", "refix", "id", "rint", "lugin", "olicy", "ool", "roxy", "prof", "robe", "roject",
        "rotocol", "rovider", "ublic", "ublish", "arallel", "eriod", "lain",
    ];
    rest.bytes().all(|byte| byte.is_ascii_digit()) || FLAGS.iter().any(|flag| rest.starts_with(flag))
}
