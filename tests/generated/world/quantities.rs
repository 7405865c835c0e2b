use serde_json::Value;

/// A duration in nanoseconds.
pub(crate) fn nanos(text: &str) -> Option<u64> {
    const UNITS: [(&str, f64); 8] = [
        ("ns", 1.0),
        ("us", 1e3),
        ("µs", 1e3),
        ("ms", 1e6),
        ("s", 1e9),
        ("m", 60e9),
        ("h", 3_600e9),
        ("d", 86_400e9),
    ];
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(end);
    let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit.trim())?;
    Some((number.parse::<f64>().ok()? * scale).round() as u64)
}

/// A rate by the second.
pub(crate) fn per_second(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once('/')?;
    let seconds = match unit {
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3_600.0,
        _ => return None,
    };
    Some(number.trim().parse::<f64>().ok()? / seconds)
}

/// A share of one.
pub(crate) fn share(value: &Value) -> Option<f64> {
    let percent = value.as_str()?.strip_suffix('%')?.trim();
    Some(percent.parse::<f64>().ok()? / 100.0)
}

/// The least and the greatest value of a law, in nanoseconds; without a greatest there is no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Law {
    pub(crate) min: u64,
    pub(crate) max: Option<u64>,
}

impl Law {
    pub(crate) fn read(value: &Value) -> Self {
        if let Some(text) = value.as_str() {
            return Self::exactly(nanos(text).expect("a law is a duration or an object"));
        }
        let of = |value: &Value| value.as_str().and_then(nanos);
        let (kind, law) = super::members(value).next().expect("a law has a kind");
        match kind.as_str() {
            "constant" => Self::exactly(of(law).expect("it is a duration")),
            "uniform" | "pareto" => {
                Self { min: of(&law["min"]).unwrap_or(0), max: of(&law["max"]) }
            }
            "mixture" => {
                let branches = law.as_array().into_iter().flatten();
                let laws: Vec<Self> = branches.map(|branch| Self::read(&branch["law"])).collect();
                let max = laws.iter().map(|law| law.max).collect::<Option<Vec<_>>>();
                Self {
                    min: laws.iter().map(|law| law.min).min().unwrap_or(0),
                    max: max.and_then(|all| all.into_iter().max()),
                }
            }
            "quantiles" => Self { min: of(&law["0%"]).unwrap_or(0), max: of(&law["100%"]) },
            _ => Self { min: 0, max: None },
        }
    }

    fn exactly(nanos: u64) -> Self {
        Self { min: nanos, max: Some(nanos) }
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.max == Some(self.min)
    }
}
