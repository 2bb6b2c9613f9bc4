//! What gives itself away as a credential wherever it stands, whatever it is called.

use std::ops::Range;

/// How tokens of known services begin.
const TOKENS: [&str; 20] = [
    "AGE-SECRET-KEY-",
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

/// Commands and clauses, in lower case, behind which a credential stands that nothing names.
const COMMANDS: [&str; 6] =
    ["vault login ", "mc alias set ", "identified by ", " on >", "rocommunity ", "rwcommunity "];

/// Flags behind which a credential stands by custom, as `docker login -p`, `redis-cli -a` and `curl -u` have it.
const FLAGS: [&str; 6] = ["-p", "-a", "-u", "-U", "--user", "--proxy-user"];

/// Programs that mean something else by those flags.
const PLAIN: [&str; 11] = ["mkdir", "cp", "ls", "tee", "rsync", "uname", "sort", "date", "python", "python3", "sudo"];

/// Whether the argument behind this flag is a credential by custom.
pub(super) fn is_credential_flag(flag: &str) -> bool {
    FLAGS.contains(&flag)
}

/// What gives itself away wherever it stands: credentials before an `@`, of an `Authorization` header, behind a
/// flag of that custom; tokens and addresses of known services; a JSON Web Token, a PEM block.
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
    let lower = content.to_ascii_lowercase();
    for (at, mark) in COMMANDS.iter().flat_map(|mark| lower.match_indices(mark)) {
        ranges.push(at + mark.len()..content.len());
    }
    for (at, mark) in lower.match_indices("sig=").filter(|(at, _)| is_query(&lower, *at)) {
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

/// Whether a parameter of an address begins here: behind `?` or `&`, however that is written.
fn is_query(content: &str, at: usize) -> bool {
    content.get(..at).is_some_and(|before| before.ends_with(['?', '&', ';']) || before.ends_with("\\u0026"))
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

/// The credential in a word, or behind it: `user:password@host`, `-pPASSWORD`, `-u user:password`, `Bearer TOKEN`.
fn credential(content: &str, word: Range<usize>) -> Option<Range<usize>> {
    let text = content.get(word.clone())?;
    if text.eq_ignore_ascii_case("basic") || text.eq_ignore_ascii_case("bearer") {
        let behind = content.get(word.end..)?;
        let gap = behind.len() - behind.trim_start_matches(' ').len();
        let start = word.end + gap;
        return (gap > 0).then(|| start..word_end(content, start));
    }
    if is_credential_flag(text) {
        let is_plain = PLAIN.contains(&program(content.get(..word.start).unwrap_or_default()));
        return argument(content, word.end).filter(|value| !is_plain && may_be_credential(content, value));
    }
    if let Some(value) = FLAGS.iter().find_map(|flag| text.strip_prefix(flag)).filter(|value| names_password(value)) {
        return Some(word.end - value.len()..word.end);
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

/// The program that the last word of a text names, whatever folders stand before it: `/bin/ls`, `$(date`.
fn program(before: &str) -> &str {
    let word = before.trim_end().rsplit(ends_word).next().unwrap_or_default();
    word.rsplit(['/', '(', '`']).next().unwrap_or_default()
}

/// The argument behind a flag that ends at `at`: the next word of a shell, or the next item of a list in one line.
fn argument(content: &str, at: usize) -> Option<Range<usize>> {
    let rest = content.get(at..)?;
    let gap = rest.find(|next: char| !next.is_whitespace() && !matches!(next, '"' | '\'' | ',' | '\\'))?;
    let quote = rest.get(..gap)?.chars().next_back().filter(|last| matches!(last, '"' | '\''));
    let ends = |next: char| match quote {
        Some(quote) => next == quote,
        None => next.is_whitespace() || matches!(next, '"' | '\''),
    };
    let start = at + gap;
    let end = content.get(start..)?.find(ends).map_or(content.len(), |length| start + length);
    (gap > 0).then_some(start..end)
}

/// Whether the argument of such a flag may be a credential: no flag itself and no port.
fn may_be_credential(content: &str, value: &Range<usize>) -> bool {
    let Some(value) = content.get(value.clone()) else { return true };
    let is_flag = value.starts_with("--") || (value.starts_with('-') && value.len() == 2);
    let is_port = value.split(':').all(|part| part.len() <= 5 && part.bytes().all(|byte| byte.is_ascii_digit()));
    !is_flag && !is_port
}

/// Whether a text is a user's name with a password, as `curl` and `smbclient` take it.
fn names_password(text: &str) -> bool {
    text.trim_start_matches('=').contains([':', '%'])
}

/// Whether what follows `-p` makes the name of a flag of several letters, such as `-port=80`, or a number.
fn is_long_flag(rest: &str) -> bool {
    const FLAGS: [&str; 20] = [
        "ort", "ath", "rofile", "refix", "id", "rint", "lugin", "olicy", "ool", "roxy", "prof", "robe", "roject",
        "rotocol", "rovider", "ublic", "ublish", "arallel", "eriod", "lain",
    ];
    rest.bytes().all(|byte| byte.is_ascii_digit()) || FLAGS.iter().any(|flag| rest.starts_with(flag))
}
