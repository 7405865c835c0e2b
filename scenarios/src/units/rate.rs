use super::decimal::{Unreadable, split};
use super::duration::short;

/// So many a second.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) struct Rate(pub(crate) f64);

impl Rate {
    pub(super) fn hint(number: &str) -> String {
        format!("say which unit: \"{number}/s\"")
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let wrong = |code, message, help: &str| Unreadable { code, message, help: help.to_owned() };
        let text = text.trim();
        if text.starts_with('-') {
            let message = format!("a rate cannot be negative, as `{text}` is");
            return Err(wrong("S008", message, "write a rate above 0, such as \"1200/s\""));
        }
        let Some((number, unit)) = split(text) else {
            let message = format!("`{text}` is not a rate");
            return Err(wrong("S008", message, "write a number and a unit, such as \"1200/s\""));
        };
        let factor = match unit {
            "/ms" => 1e3,
            "/s" => 1.0,
            "/m" => 1.0 / 60.0,
            "/h" => 1.0 / 3600.0,
            "" => {
                let help = Self::hint(number);
                return Err(wrong("S007", format!("the rate `{text}` has no unit"), &help));
            }
            _ => {
                let message = format!("`{unit}` is not a unit of rates");
                let usual = || "the units are /ms, /s, /m and /h".to_owned();
                return Err(wrong("S008", message, &rewritten(number, unit).unwrap_or_else(usual)));
            }
        };
        let rate = number.parse::<f64>().unwrap_or(f64::INFINITY) * factor;
        if rate.is_finite() {
            return Ok(Self(rate));
        }
        let message = format!("the rate `{text}` is too large");
        Err(wrong("S008", message, "write a smaller rate, such as \"1200/s\""))
    }
}

/// What units of time rates are called by elsewhere.
const TIMES: [(&str, &str); 8] = [
    ("millisecond", "ms"),
    ("msec", "ms"),
    ("s", "s"),
    ("sec", "s"),
    ("min", "m"),
    ("m", "m"),
    ("hour", "h"),
    ("h", "h"),
];

/// What to write for a unit of elsewhere, such as `k/s`, `rps`, `req/s` and `/min`.
fn rewritten(number: &str, unit: &str) -> Option<String> {
    let lower = unit.to_lowercase().replace(" per ", "/").replace(' ', "");
    let (what, time) = lower.split_once('/').or(match lower.as_str() {
        "rps" | "qps" | "tps" | "hz" => Some(("", "s")),
        "rpm" => Some(("", "m")),
        _ => None,
    })?;
    let factor = match what {
        "k" => 1e3,
        "m" => 1e6,
        "" => 1.0,
        what if ["r", "q", "call", "op"].iter().any(|known| what.starts_with(known)) => 1.0,
        _ => return None,
    };
    let is_called = |name: &str| time == name || name.len() > 1 && time.starts_with(name);
    let (_, time) = TIMES.iter().find(|(name, _)| is_called(name))?;
    let number = number.parse::<f64>().ok()? * factor;
    Some(format!("write \"{number}/{time}\""))
}

/// A rate as people write it.
pub(crate) fn rate_text(rate: f64) -> String {
    format!("{}/s", short(rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_a_second() {
        assert_eq!(Rate::parse("1200/s"), Ok(Rate(1200.0)));
        assert_eq!(Rate::parse("2/ms"), Ok(Rate(2000.0)));
        assert_eq!(Rate::parse("60/m"), Ok(Rate(1.0)));
        assert_eq!(Rate::parse("3600 /h"), Ok(Rate(1.0)));
        for text in ["1200", "-1/s", "1/x", "/s", "", "1/"] {
            assert!(Rate::parse(text).is_err(), "{text}");
        }
        assert!(Rate::parse(&format!("{}/s", "9".repeat(400))).is_err());
    }

    #[test]
    fn units_of_others_are_rewritten() {
        for (text, meant) in [
            ("1k/s", "1000/s"),
            ("1.5k/s", "1500/s"),
            ("1000 rps", "1000/s"),
            ("1000 req/s", "1000/s"),
            ("1000 requests per second", "1000/s"),
            ("60/min", "60/m"),
            ("60 / minute", "60/m"),
            ("5/sec", "5/s"),
            ("5/hour", "5/h"),
            ("600 rpm", "600/m"),
        ] {
            let help = Rate::parse(text).expect_err(text).help;
            assert_eq!(help, format!("write \"{meant}\""), "{text}");
            assert!(Rate::parse(meant).is_ok(), "{meant}");
        }
    }
}
