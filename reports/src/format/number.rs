/// A count with its digits in groups of three: `72 000`.
pub fn count(value: u64) -> String {
    group(&value.to_string())
}

/// A figure with at most three significant digits, or all digits of its whole part: `1.31`,
/// `0.042`, `1 234`.
pub fn number(value: f64) -> String {
    let magnitude = value.abs();
    if !magnitude.is_finite() {
        return "—".to_owned();
    }
    let decimals = match magnitude {
        0.0 => 0,
        m if m < 1e-6 => return "0".to_owned(),
        m if m < 0.001 => 6,
        m if m < 0.01 => 5,
        m if m < 0.1 => 4,
        m if m < 0.9995 => 3,
        m if m < 9.995 => 2,
        m if m < 99.95 => 1,
        _ => 0,
    };
    group(trim(&format!("{value:.decimals$}")))
}

/// A rate: `1 200/s`.
pub fn rate(per_second: f64) -> String {
    format!("{}/s", number(per_second))
}

/// A share of one in per cent: `93.1 %`.
///
/// Near the whole it keeps the digits that matter: 0.99987 is `99.987 %`, never `100 %`.
pub fn share(value: f64) -> String {
    let missing = (1.0 - value) * 100.0;
    if !(missing > 0.0 && missing < 1.0) {
        return format!("{} %", number(value * 100.0));
    }
    let decimals = match missing {
        m if m < 1e-4 => return "99.999 9 %".to_owned(),
        m if m < 1e-3 => 5,
        m if m < 1e-2 => 4,
        m if m < 0.1 => 3,
        _ => 2,
    };
    format!("{} %", trim(&format!("{:.decimals$}", value * 100.0)))
}

/// Without zeros that end a fraction.
fn trim(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

fn group(digits: &str) -> String {
    let whole = digits.find('.').unwrap_or(digits.len());
    let mut grouped = String::with_capacity(digits.len() + whole / 3);
    for (at, digit) in digits.char_indices() {
        let left = whole.saturating_sub(at);
        let follows_digit = grouped.ends_with(|last: char| last.is_ascii_digit());
        if left > 0 && left.is_multiple_of(3) && follows_digit {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1_000, "1 000"),
            (72_000, "72 000"),
            (1_234_567, "1 234 567"),
        ];
        for (value, text) in cases {
            assert_eq!(count(value), text);
        }
    }

    #[test]
    fn numbers_have_three_digits() {
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (1.306, "1.31"),
            (0.0421, "0.0421"),
            (9.999, "10"),
            (41.25, "41.2"),
            (412.4, "412"),
            (1_234.4, "1 234"),
            (-1_500_000.0, "-1 500 000"),
            (1e-9, "0"),
            (f64::NAN, "—"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text, "{value}");
        }
        assert_eq!(rate(1200.0), "1 200/s");
    }

    #[test]
    fn shares_never_round_up_to_the_whole() {
        let cases = [
            (0.931, "93.1 %"),
            (0.0, "0 %"),
            (1.0, "100 %"),
            (0.998_7, "99.87 %"),
            (0.993, "99.3 %"),
            (0.999_87, "99.987 %"),
            (0.999_999_9, "99.999 9 %"),
            (0.000_4, "0.04 %"),
            (1.25, "125 %"),
        ];
        for (value, text) in cases {
            assert_eq!(share(value), text, "{value}");
        }
    }
}
