use cascadia_models::measure::Count;
use cascadia_models::measure::metrics::{Metric, Unit};

use crate::units::{Duration, Rate, Share, duration_text, rate_text, share_text, short};

/// A name and an example of values in a unit.
fn example(unit: Unit, metric: &Metric) -> &'static str {
    match unit {
        Unit::Number if is_ambiguous(metric, 1.0) => "a number such as 3 requests",
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

/// What is wrong with a value: code, message and help.
type Wrong = (&'static str, String, String);

/// The bound of a metric that a text says: its unit and size.
pub(super) fn of(metric: &Metric, text: &str) -> Result<(Unit, f64), Wrong> {
    let units = metric.units();
    let wanted = || {
        let examples: Vec<_> = units.iter().map(|unit| example(*unit, metric)).collect();
        format!("write {}", examples.join(" or "))
    };
    match parse(text) {
        Ok((Unit::Number, Said::Plainly, number)) if is_ambiguous(metric, number) => {
            let message =
                format!("`{text}` does not say whether a share, a rate or a number is meant");
            Err(("S007", message, format!("write {}", meanings(text, number).join(" or "))))
        }
        Ok((Unit::Number, Said::AsRequests, _)) if !is_counted(metric) => {
            let message = format!("this metric is not compared with `{text}`");
            Err(("S042", message, wanted()))
        }
        Ok((unit, _, bound)) if units.contains(&unit) => Ok((unit, bound)),
        Ok((Unit::Number, ..)) => Err(("S007", format!("`{text}` has no unit"), wanted())),
        Ok(_) => Err(("S042", format!("this metric is not compared with `{text}`"), wanted())),
        // What is written otherwise elsewhere is rewritten; in a check it has no quotes.
        Err((code, message, help)) if help.starts_with("write \"") => {
            Err((code, message, help.replace('"', "")))
        }
        Err((code, message, _)) => Err((code, message, wanted())),
    }
}

/// The unit of a number of requests, for those metrics of which it could as well be a share or a rate.
const REQUESTS: &str = "requests";

/// Whether it counts requests.
fn is_counted(metric: &Metric) -> bool {
    let units = metric.units();
    units.contains(&Unit::Share) && units.contains(&Unit::Number)
}

/// Whether a plain number could be meant as something else. None at all is none in every unit, and of what was
/// offered all are a share of 100 %.
fn is_ambiguous(metric: &Metric, number: f64) -> bool {
    is_counted(metric) && metric.name != Count::Offered.name() && number != 0.0
}

/// What a plain number may have been meant as.
fn meanings(text: &str, number: f64) -> Vec<String> {
    let share = if number < 1.0 { number } else { number / 100.0 };
    let share = (share <= 1.0).then(|| share_text(share));
    let count = (number.fract() == 0.0).then(|| format!("{text} {REQUESTS}"));
    [share, Some(format!("{text}/s")), count].into_iter().flatten().collect()
}

/// Whether a number has a word to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Plainly,
    AsRequests,
}

/// The kind and size of a value.
fn parse(text: &str) -> Result<(Unit, Said, f64), Wrong> {
    let wrong = |wrong: crate::units::Unreadable| (wrong.code, wrong.message, wrong.help);
    let plain = |unit, bound| (unit, Said::Plainly, bound);
    let ends_with = |words: &[&str]| words.iter().any(|word| text.ends_with(word));
    if ends_with(&["%", "percent", "pct"]) {
        return Share::parse(text).map(|share| plain(Unit::Share, share.0)).map_err(wrong);
    }
    if text.contains('/') || ends_with(&["rps", "qps"]) {
        return Rate::parse(text).map(|rate| plain(Unit::Rate, rate.0)).map_err(wrong);
    }
    let (number, said) = match text.strip_suffix(REQUESTS) {
        Some(number) => (number.trim_end(), Said::AsRequests),
        None => (text, Said::Plainly),
    };
    if number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && let Ok(number) = number.parse::<f64>()
        && number.is_finite()
    {
        return Ok((Unit::Number, said, number));
    }
    let duration = Duration::parse(text);
    duration.map(|duration| plain(Unit::Duration, duration.nanos())).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_decides() {
        assert_eq!(parse("99.9%"), Ok((Unit::Share, Said::Plainly, 0.999)));
        assert_eq!(parse("60/m"), Ok((Unit::Rate, Said::Plainly, 1.0)));
        assert_eq!(parse("1.5"), Ok((Unit::Number, Said::Plainly, 1.5)));
        assert_eq!(parse("3 requests"), Ok((Unit::Number, Said::AsRequests, 3.0)));
        assert_eq!(parse("2us"), Ok((Unit::Duration, Said::Plainly, 2e3)));
        assert!(parse("x").is_err());
        assert!(parse("").is_err());
        assert!(parse("1.2.3").is_err());
    }
}
