//! Amounts as Kubernetes writes them: `500m` is `0.5`, `1Gi` is `1024Mi`.

/// Whether two texts are one amount.
#[must_use]
pub fn same(left: &str, right: &str) -> bool {
    left == right || matches!((amount(left), amount(right)), (Some(left), Some(right)) if left == right)
}

/// The amount in billionths; none for what is no quantity or does not fit.
#[must_use]
pub fn amount(text: &str) -> Option<i128> {
    let digits = text.find(|character: char| !character.is_ascii_digit() && !matches!(character, '.' | '-' | '+'));
    let (number, suffix) = text.split_at(digits.unwrap_or(text.len()));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let (numerator, denominator) = scale(suffix)?;
    let places = u32::try_from(fraction.len()).ok().filter(|places| *places <= 9)?;
    let unscaled: i128 = format!("{whole}{fraction}").parse().ok()?;
    let scaled = unscaled.checked_mul(numerator)?.checked_mul(NANO)?;
    scaled.checked_div(denominator.checked_mul(10_i128.checked_pow(places)?)?)
}

const NANO: i128 = 1_000_000_000;

/// What a suffix multiplies by, and divides by.
fn scale(suffix: &str) -> Option<(i128, i128)> {
    let binary = |power: u32| Some((1024_i128.checked_pow(power)?, 1));
    let decimal = |power: u32| Some((1000_i128.checked_pow(power)?, 1));
    match suffix {
        "" => Some((1, 1)),
        "n" => Some((1, NANO)),
        "u" => Some((1, 1_000_000)),
        "m" => Some((1, 1000)),
        "k" => decimal(1),
        "M" => decimal(2),
        "G" => decimal(3),
        "T" => decimal(4),
        "P" => decimal(5),
        "E" => decimal(6),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        _ => {
            let exponent: u32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            Some((10_i128.checked_pow(exponent)?, 1))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn amounts_are_compared_and_not_their_spelling() {
        let equal =
            [("500m", "0.5"), ("1Gi", "1024Mi"), ("1", "1000m"), ("2k", "2000"), ("1e3", "1k"), ("0.1", "100m")];
        let different = [("1Gi", "1G"), ("500m", "5"), ("1", "1x"), ("x", "y"), ("", "0"), ("1.5", "15")];
        assert!(equal.iter().all(|(left, right)| same(left, right)));
        assert!(different.iter().all(|(left, right)| !same(left, right)));
    }
}
