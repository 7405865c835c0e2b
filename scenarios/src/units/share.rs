use super::decimal::{Unreadable, split};
use super::duration::short;

/// A share of a whole; 1 is all.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) struct Share(pub(crate) f64);

impl Share {
    pub(super) fn hint(number: &str) -> String {
        match number.parse::<f64>() {
            Ok(share) if (0.0..=1.0).contains(&share) => {
                let percent = short(share * 100.0);
                format!("say which unit: \"{percent}%\" if {number} of one is meant")
            }
            _ => format!("say which unit: \"{number}%\""),
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let wrong = |code, message, help: &str| Unreadable { code, message, help: help.to_owned() };
        let text = text.trim();
        if text.starts_with('-') {
            let message = format!("a share cannot be negative, as `{text}` is");
            return Err(wrong("S008", message, "write a share from 0% on, such as \"20%\""));
        }
        let Some((number, unit)) = split(text) else {
            let message = format!("`{text}` is not a share");
            return Err(wrong("S008", message, "write a number and %, such as \"20%\""));
        };
        match unit {
            "%" => {}
            "" => {
                let help = Self::hint(number);
                return Err(wrong("S007", format!("the share `{text}` has no unit"), &help));
            }
            _ => {
                let message = format!("`{unit}` is not a unit of shares");
                let known = ["percent", "per cent", "pct"];
                let help = match known.contains(&unit.to_lowercase().as_str()) {
                    true => format!("write \"{number}%\""),
                    false => "write shares in %, such as \"20%\"".to_owned(),
                };
                return Err(wrong("S008", message, &help));
            }
        }
        let share = format!("{number}e-2").parse::<f64>().unwrap_or(f64::INFINITY);
        if share.is_finite() {
            return Ok(Self(share));
        }
        Err(wrong("S008", format!("the share `{text}` is too large"), "write it in %"))
    }
}

/// A share as people write it.
pub(crate) fn share_text(share: f64) -> String {
    format!("{}%", short(share * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_one() {
        assert_eq!(Share::parse("20%"), Ok(Share(0.2)));
        assert_eq!(Share::parse("99.9 %").map(|share| share.0 > 0.9989), Ok(true));
        for text in ["20", "-1%", "0.2x", "%", ""] {
            assert!(Share::parse(text).is_err(), "{text}");
        }
    }
}
