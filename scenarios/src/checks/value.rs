use cascadia_models::measure::metrics::Unit;

use crate::units::{Duration, Rate, Share, duration_text, rate_text, share_text, short};

/// A name and an example of values in a unit.
pub(super) const fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "a share such as 99%",
        Unit::Rate => "a rate such as 100/s",
        Unit::Duration => "a duration such as 800ms",
        Unit::Number => "a plain number such as 3",
    }
}

/// A value as people write it.
pub(super) fn text_of(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => share_text(value),
        Unit::Rate => rate_text(value),
        Unit::Duration => duration_text(value),
        Unit::Number => short(value),
    }
}

/// All digits of a value.
pub(super) fn full(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => format!("{}%", value * 100.0),
        Unit::Rate => format!("{value}/s"),
        Unit::Duration => format!("{value}ns"),
        Unit::Number => format!("{value}"),
    }
}

/// The kind and size of a value, or what is wrong: code, message and help.
pub(super) fn parse(text: &str) -> Result<(Unit, f64), (&'static str, String, String)> {
    let wrong = |wrong: crate::units::Unreadable| (wrong.code, wrong.message, wrong.help);
    if text.ends_with('%') {
        return Share::parse(text).map(|share| (Unit::Share, share.0)).map_err(wrong);
    }
    if text.contains('/') {
        return Rate::parse(text).map(|rate| (Unit::Rate, rate.0)).map_err(wrong);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && let Ok(number) = text.parse::<f64>()
        && number.is_finite()
    {
        return Ok((Unit::Number, number));
    }
    Duration::parse(text).map(|duration| (Unit::Duration, duration.nanos())).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_decides() {
        assert_eq!(parse("99.9%"), Ok((Unit::Share, 0.999)));
        assert_eq!(parse("60/m"), Ok((Unit::Rate, 1.0)));
        assert_eq!(parse("1.5"), Ok((Unit::Number, 1.5)));
        assert_eq!(parse("2us"), Ok((Unit::Duration, 2e3)));
        assert!(parse("x").is_err());
        assert!(parse("").is_err());
        assert!(parse("1.2.3").is_err());
    }
}
