//! What a scalar of YAML says to Kubernetes: YAML 1.1 as `go.yaml.in/yaml/v2` resolves it, then JSON.
//!
//! Not the YAML 1.1 specification but that reader is what counts: `0o17` is a number and `190:20:30` is text, a date
//! stays text, and `1e3` becomes the whole number that its JSON looks like.

use dtap_model::tree::Value;
use std::borrow::Cow;

/// What a plain scalar resolves to, before it becomes JSON.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'source> {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number of 64 bits with sign.
    Integer(i64),
    /// A whole number that fits 64 bits only without sign.
    Unsigned(u64),
    /// Any other number, the infinite ones and NaN too.
    Float(f64),
    /// Text.
    Text(&'source str),
}

/// What an untagged plain scalar says.
#[must_use]
pub fn resolve(text: &str) -> Scalar<'_> {
    match text.as_bytes().first() {
        None => Scalar::Null,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => word(text),
        Some(b'.') => special_float(text).or_else(|| float(text)).unwrap_or(Scalar::Text(text)),
        Some(b'+' | b'-' | b'0'..=b'9') => special_float(text).or_else(|| number(text)).unwrap_or(Scalar::Text(text)),
        Some(_) => Scalar::Text(text),
    }
}

fn word(text: &str) -> Scalar<'_> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        _ => Scalar::Text(text),
    }
}

fn special_float(text: &str) -> Option<Scalar<'static>> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(Scalar::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Scalar::Float(f64::NEG_INFINITY)),
        ".nan" | ".NaN" | ".NAN" => Some(Scalar::Float(f64::NAN)),
        _ => None,
    }
}

/// A number as Go's `strconv` reads it in base 0, once the underscores are gone.
fn number(text: &str) -> Option<Scalar<'static>> {
    let plain = if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    if let Some(whole) = whole(&plain) {
        return Some(whole);
    }
    // What is left of the reader's own way with binary numbers: a sign after the prefix.
    let signed_binary = || i64::from_str_radix(plain.strip_prefix("0b")?, 2).ok().map(Scalar::Integer);
    float(&plain).or_else(signed_binary)
}

fn whole(plain: &str) -> Option<Scalar<'static>> {
    let (negative, digits) = match plain.strip_prefix(['+', '-']) {
        Some(digits) => (plain.starts_with('-'), digits),
        None => (false, plain),
    };
    let magnitude = magnitude(digits)?;
    match (i64::try_from(magnitude), negative) {
        (Ok(value), false) => Some(Scalar::Integer(value)),
        (Ok(value), true) => Some(Scalar::Integer(-value)),
        (Err(_), true) => (magnitude == i64::MIN.unsigned_abs()).then_some(Scalar::Integer(i64::MIN)),
        (Err(_), false) => (!plain.starts_with('+')).then_some(Scalar::Unsigned(magnitude)),
    }
}

/// Digits behind an optional prefix: `0x`, `0o` or `0`, `0b` in either case.
fn magnitude(digits: &str) -> Option<u64> {
    let prefixed = |lower: char, upper: char| {
        digits.strip_prefix('0').and_then(|rest| rest.strip_prefix([lower, upper])).filter(|rest| !rest.is_empty())
    };
    let (radix, digits) = if let Some(digits) = prefixed('b', 'B') {
        (2, digits)
    } else if let Some(digits) = prefixed('o', 'O') {
        (8, digits)
    } else if let Some(digits) = prefixed('x', 'X') {
        (16, digits)
    } else if digits.len() > 1 && digits.starts_with('0') {
        (8, digits)
    } else {
        (10, digits)
    };
    // `from_str_radix` would take another sign.
    let no_sign = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    no_sign.then(|| u64::from_str_radix(digits, radix).ok()).flatten()
}

/// A decimal number with a point or an exponent: `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, and finite.
fn float(plain: &str) -> Option<Scalar<'static>> {
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(plain);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let formed = all_digits(before)
        && all_digits(after)
        && !(before.is_empty() && after.is_empty())
        && exponent.is_none_or(|digits| !digits.is_empty() && all_digits(digits));
    formed.then(|| plain.parse().ok().filter(|value: &f64| value.is_finite()).map(Scalar::Float)).flatten()
}

/// A scalar as JSON. The error says what JSON cannot hold.
pub fn into_value(scalar: Scalar<'_>) -> Result<Value<'_>, &'static str> {
    match scalar {
        Scalar::Null => Ok(Value::Null),
        Scalar::Bool(value) => Ok(Value::Bool(value)),
        Scalar::Integer(value) => Ok(Value::Integer(value)),
        #[expect(clippy::cast_precision_loss, reason = "the tree keeps such numbers as Kubernetes does, as floats")]
        Scalar::Unsigned(value) => Ok(Value::Float(value as f64)),
        Scalar::Float(value) if value.is_finite() => Ok(number_value(value)),
        Scalar::Float(_) => Err("an infinite number or NaN has no meaning in Kubernetes"),
        Scalar::Text(text) => Ok(Value::String(Cow::Borrowed(text))),
    }
}

/// A number of JSON: one that Go writes without point or exponent is read back as a whole number, where 64 bits hold
/// it.
#[must_use]
pub fn number_value(value: f64) -> Value<'static> {
    /// From here on Go's JSON writes an exponent.
    const LIMIT: f64 = 1e21;
    let whole = (value.fract() == 0.0 && value.abs() < LIMIT).then(|| value.to_string().parse().ok()).flatten();
    whole.map_or(Value::Float(value), Value::Integer)
}

/// A scalar as the key of a mapping. The error says what cannot be one.
pub fn into_key(scalar: Scalar<'_>) -> Result<Cow<'_, str>, &'static str> {
    match scalar {
        Scalar::Null => Err("a key is missing or null"),
        Scalar::Unsigned(_) => Err("a key is a number that does not fit 64 bits"),
        Scalar::Bool(value) => Ok(Cow::Borrowed(if value { "true" } else { "false" })),
        Scalar::Integer(value) => Ok(Cow::Owned(value.to_string())),
        Scalar::Float(value) => Ok(Cow::Owned(float_key(value))),
        Scalar::Text(text) => Ok(Cow::Borrowed(text)),
    }
}

/// A number as a key: Go's shortest `%g` in 32 bits, with YAML's names of what is not finite.
fn float_key(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "Kubernetes' reader writes keys with 32 bits")]
    let value = value as f32;
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf".to_owned() } else { "-.inf".to_owned() };
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs());
    }
    format!("{value}")
}

/// A scalar with a tag of its own, such as `!!str`; `tag` is the whole of it. The error says why it cannot be read.
pub fn resolve_tagged<'text>(tag: &str, text: &'text str) -> Result<Tagged<'text>, String> {
    // A tag of the file's own, and the bare `!`, make it text.
    let Some(name) = tag.strip_prefix("tag:yaml.org,2002:") else {
        return Ok(Tagged::Plain(Scalar::Text(text)));
    };
    let resolved = resolve(text);
    match (name, resolved) {
        ("binary", _) => binary(text).map(Tagged::Text).ok_or_else(|| "`!!binary` is no base64".to_owned()),
        ("int", Scalar::Integer(_) | Scalar::Unsigned(_))
        | ("float", Scalar::Float(_))
        | ("bool", Scalar::Bool(_))
        | ("null", Scalar::Null) => Ok(Tagged::Plain(resolved)),
        #[expect(clippy::cast_precision_loss, reason = "`!!float` asks for it")]
        ("float", Scalar::Integer(value)) => Ok(Tagged::Plain(Scalar::Float(value as f64))),
        ("timestamp", Scalar::Text(_)) if is_date(text) => Ok(Tagged::Plain(Scalar::Text(text))),
        ("int" | "float" | "bool" | "null" | "timestamp", _) => Err(format!("the value is no `!!{name}`")),
        _ => Ok(Tagged::Plain(Scalar::Text(text))),
    }
}

/// What a tagged scalar says.
#[derive(Clone, Debug, PartialEq)]
pub enum Tagged<'text> {
    /// What stands there.
    Plain(Scalar<'text>),
    /// Text that was decoded.
    Text(String),
}

/// Whether a text begins as a date does; the rest of it is not looked at.
fn is_date(text: &str) -> bool {
    text.split_once('-').is_some_and(|(year, rest)| {
        year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) && rest.contains('-')
    })
}

/// Base64 with padding; line breaks in it do not count. What is no UTF-8 is replaced, as Go's JSON does.
fn binary(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut symbols = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).peekable();
    while symbols.peek().is_some() {
        let quad = [symbols.next()?, symbols.next()?, symbols.next()?, symbols.next()?];
        let padding = match quad {
            [_, _, b'=', b'='] => 2,
            [_, _, _, b'='] => 1,
            _ => 0,
        };
        let group = quad.iter().take(4 - padding).try_fold(0_u32, |group, byte| Some(group << 6 | sextet(*byte)?))?;
        let [_, octets @ ..] = (group << (6 * padding)).to_be_bytes();
        bytes.extend(octets.iter().take(3 - padding));
        if padding > 0 && symbols.peek().is_some() {
            return None;
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
