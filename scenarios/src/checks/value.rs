use crate::units::{Duration, Rate, Share, duration_text, rate_text, share_text, short};

/// What kind of quantity a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Share,
    Rate,
    Duration,
    Number,
}

impl Unit {
    /// A name and an example.
    pub(super) fn example(self) -> &'static str {
        match self {
            Self::Share => "a share such as 99%",
            Self::Rate => "a rate such as 100/s",
            Self::Duration => "a duration such as 800ms",
            Self::Number => "a plain number such as 3",
        }
    }

    /// A value as people write it.
    pub(super) fn text(self, value: f64) -> String {
        match self {
            Self::Share => share_text(value),
            Self::Rate => rate_text(value),
            Self::Duration => duration_text(value),
            Self::Number => short(value),
        }
    }

    /// All digits of a value.
    pub(super) fn full(self, value: f64) -> String {
        match self {
            Self::Share => format!("{}%", value * 100.0),
            Self::Rate => format!("{value}/s"),
            Self::Duration => format!("{value}ns"),
            Self::Number => format!("{value}"),
        }
    }
}

/// The kind and size of a value, or what is wrong: code, message and help.
pub(super) fn parse(text: &str) -> Result<(Unit, f64), (&'static str, String, String)> {
    let wrong = |wrong: crate::units::Wrong| (wrong.code, wrong.message, wrong.help);
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
