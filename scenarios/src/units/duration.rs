use super::decimal::{Exact, Unreadable, exact, split};

/// A duration in whole nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Duration(pub(crate) u64);

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

impl Duration {
    pub(super) fn hint(number: &str) -> String {
        format!("say which unit: \"{number}ms\" or \"{number}s\"")
    }

    /// A number and a unit, or several with ever smaller units and nothing between them.
    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let text = text.trim();
        if text.starts_with('-') {
            let message = format!("a duration cannot be negative, as `{text}` is");
            return wrong("S008", message, "write a duration from 0 on, such as \"250ms\"");
        }
        let too_long = || {
            let message = format!("the duration `{text}` is too long");
            wrong("S008", message, "at most 584 years can be represented")
        };
        let (mut sum, mut least, mut rest) = (0_u64, u64::MAX, text);
        while !rest.is_empty() {
            let (number, unit, after) = first_part(rest, text)?;
            let Some(scale) = scale(unit).filter(|scale| *scale < least) else {
                return Err(no_unit(number, unit, text));
            };
            match exact(number, scale) {
                Exact::Value(nanos) => match sum.checked_add(nanos) {
                    Some(more) => sum = more,
                    None => return too_long(),
                },
                Exact::TooLarge => return too_long(),
                Exact::TooFine => {
                    let message =
                        format!("the duration `{text}` is not a whole number of nanoseconds");
                    return wrong("S008", message, "durations are exact to the nanosecond");
                }
            }
            (least, rest) = (scale, after);
        }
        if text.is_empty() { first_part(text, text).map(|_| Self(0)) } else { Ok(Self(sum)) }
    }

    pub(crate) fn std(self) -> std::time::Duration {
        std::time::Duration::from_nanos(self.0)
    }

    pub(crate) fn nanos(self) -> f64 {
        self.0 as f64
    }
}

fn wrong<T>(code: &'static str, message: String, help: &str) -> Result<T, Unreadable> {
    Err(Unreadable { code, message, help: help.to_owned() })
}

/// The number and the unit that a text begins with, and what comes after them.
fn first_part<'t>(text: &'t str, whole: &str) -> Result<(&'t str, &'t str, &'t str), Unreadable> {
    let Some((number, unit)) = split(text) else {
        let message = format!("`{whole}` is not a duration");
        return wrong("S008", message, "write a number and a unit, such as \"250ms\"");
    };
    if unit.is_empty() {
        let message = format!("the duration `{whole}` has no unit");
        return wrong("S007", message, &Duration::hint(number));
    }
    let end = unit.find(|c: char| c.is_ascii_digit()).unwrap_or(unit.len());
    let (unit, after) = unit.split_at(end);
    Ok((number, unit, after))
}

fn scale(unit: &str) -> Option<u64> {
    let micro = unit.replace('μ', "µ");
    UNITS.iter().find(|(name, _)| *name == micro).map(|(_, scale)| *scale)
}

/// What units of time are called elsewhere, by their beginnings; the longer ones first.
const ELSEWHERE: [(&str, &str); 9] = [
    ("nano", "ns"),
    ("micro", "us"),
    ("usec", "us"),
    ("milli", "ms"),
    ("msec", "ms"),
    ("sec", "s"),
    ("min", "m"),
    ("h", "h"),
    ("day", "d"),
];

/// A unit that is none, or not smaller than the one before it.
fn no_unit(number: &str, unit: &str, whole: &str) -> Unreadable {
    let lower = unit.trim().to_lowercase();
    let known = scale(&lower).is_some().then_some(lower.as_str());
    let meant = ELSEWHERE.iter().find(|(name, _)| lower.starts_with(name)).map(|(_, here)| *here);
    let message = format!("`{unit}` is not a unit of time");
    let help = match known.or(meant) {
        Some(here) if whole.starts_with(number) && whole.ends_with(unit) => {
            format!("write \"{number}{here}\"")
        }
        _ => "the units are ns, us, ms, s, m, h and d, as in \"1m30s\"".to_owned(),
    };
    Unreadable { code: "S008", message, help }
}

/// The nanoseconds of a duration that was read.
pub(crate) fn nanos(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// A duration in nanoseconds as people write it, to four digits.
pub(crate) fn duration_text(nanos: f64) -> String {
    let units = [("s", 1e9), ("ms", 1e6), ("µs", 1e3)];
    let unit = units.iter().find(|(_, scale)| nanos.abs() >= *scale);
    let (name, scale) = unit.copied().unwrap_or(("ns", 1.0));
    format!("{}{name}", short(nanos / scale))
}

/// A duration exactly, in the largest unit in which it is a whole number.
pub(crate) fn duration_as_written(duration: std::time::Duration) -> String {
    let nanos = duration.as_nanos();
    let units = [("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000)];
    let unit = units.iter().find(|(_, scale)| nanos.is_multiple_of(*scale));
    let (name, scale) = unit.copied().unwrap_or(("ns", 1));
    format!("{}{name}", nanos / scale)
}

/// A number to four significant digits or all its whole ones.
pub(crate) fn short(value: f64) -> String {
    let digits = match value.abs() {
        v if v >= 1000.0 => 0,
        v if v >= 100.0 => 1,
        v if v >= 10.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        Duration::parse(text).map_or_else(|wrong| wrong.code, |_| "")
    }

    #[test]
    fn durations_are_exact() {
        assert_eq!(Duration::parse("250ms"), Ok(Duration(250_000_000)));
        assert_eq!(Duration::parse("1.5s"), Ok(Duration(1_500_000_000)));
        assert_eq!(Duration::parse("0.1us"), Ok(Duration(100)));
        assert_eq!(Duration::parse("3 µs"), Ok(Duration(3_000)));
        assert_eq!(Duration::parse("1m30s"), Ok(Duration(90_000_000_000)));
        assert_eq!(Duration::parse("1h0.5m7ns"), Ok(Duration(3_630_000_000_007)));
        assert_eq!(Duration::parse("1d"), Ok(Duration(86_400_000_000_000)));
        assert_eq!(Duration::parse("0s"), Ok(Duration(0)));
        assert!(Duration::parse("1.000000000000000000000000000000000000000000s").is_ok());
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        assert_eq!(code("250"), "S007");
        for text in [
            "-1s",
            "1x",
            "",
            "s",
            "1.s",
            ".5s",
            "0.1ns",
            "999999999999d",
            "1.2.3s",
            "1e3s",
            "30s1m",
            "1s1s",
            "1m 30s",
            "1m-1s",
        ] {
            assert_eq!(code(text), "S008", "{text}");
        }
        assert_eq!(code(&format!("{}s", "9".repeat(100))), "S008");
        assert_eq!(code(&format!("0.{}s", "9".repeat(100))), "S008");
    }

    #[test]
    fn units_of_others_are_rewritten() {
        for (text, meant) in [
            ("10 sec", "10s"),
            ("10seconds", "10s"),
            ("5 min", "5m"),
            ("2 Minutes", "2m"),
            ("250 msec", "250ms"),
            ("1.5 millis", "1.5ms"),
            ("3 microseconds", "3us"),
            ("7 nanoseconds", "7ns"),
            ("1 hr", "1h"),
            ("2 days", "2d"),
            ("10 S", "10s"),
        ] {
            let help = Duration::parse(text).expect_err(text).help;
            assert_eq!(help, format!("write \"{meant}\""), "{text}");
            assert!(Duration::parse(meant).is_ok(), "{meant}");
        }
    }

    #[test]
    fn texts_are_short() {
        assert_eq!(duration_text(812_345_678.0), "812.3ms");
        assert_eq!(duration_text(1_500_000_000.0), "1.5s");
        assert_eq!(duration_text(0.0), "0ns");
        let written = |text: &str| Duration::parse(text).map(|it| duration_as_written(it.std()));
        for text in ["0s", "90s", "1500ms", "100us", "7ns"] {
            assert_eq!(written(text), Ok(text.to_owned()));
        }
    }
}
