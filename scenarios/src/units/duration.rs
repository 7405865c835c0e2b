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

    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let wrong = |code, message, help: &str| Unreadable { code, message, help: help.to_owned() };
        let text = text.trim();
        if text.starts_with('-') {
            let message = format!("a duration cannot be negative, as `{text}` is");
            return Err(wrong("S008", message, "write a duration from 0 on, such as \"250ms\""));
        }
        let Some((number, unit)) = split(text) else {
            let message = format!("`{text}` is not a duration");
            return Err(wrong("S008", message, "write a number and a unit, such as \"250ms\""));
        };
        if unit.is_empty() {
            let help = Self::hint(number);
            return Err(wrong("S007", format!("the duration `{text}` has no unit"), &help));
        }
        let micro = unit.replace('μ', "µ");
        let Some((_, scale)) = UNITS.iter().find(|(name, _)| *name == micro) else {
            let message = format!("`{unit}` is not a unit of time");
            return Err(wrong("S008", message, "the units are ns, us, ms, s, m, h and d"));
        };
        match exact(number, *scale) {
            Exact::Value(nanos) => Ok(Self(nanos)),
            Exact::TooLarge => {
                let message = format!("the duration `{text}` is too long");
                Err(wrong("S008", message, "at most 584 years can be represented"))
            }
            Exact::TooFine => {
                let message = format!("the duration `{text}` is not a whole number of nanoseconds");
                Err(wrong("S008", message, "durations are exact to the nanosecond"))
            }
        }
    }

    pub(crate) fn std(self) -> std::time::Duration {
        std::time::Duration::from_nanos(self.0)
    }

    pub(crate) fn nanos(self) -> f64 {
        self.0 as f64
    }
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
        assert_eq!(Duration::parse("1d"), Ok(Duration(86_400_000_000_000)));
        assert_eq!(Duration::parse("0s"), Ok(Duration(0)));
        assert!(Duration::parse("1.000000000000000000000000000000000000000000s").is_ok());
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        assert_eq!(code("250"), "S007");
        for text in ["-1s", "1x", "", "s", "1.s", ".5s", "0.1ns", "999999999999d", "1.2.3s", "1e3s"]
        {
            assert_eq!(code(text), "S008", "{text}");
        }
        assert_eq!(code(&format!("{}s", "9".repeat(100))), "S008");
        assert_eq!(code(&format!("0.{}s", "9".repeat(100))), "S008");
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
