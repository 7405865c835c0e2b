/// Why a quantity cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// Digits, a point and digits: the number and its unit, or nothing if it does not begin so.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let valid = !whole.is_empty() && !fraction.is_empty() && !fraction.contains('.');
    valid.then(|| (number, unit.trim()))
}

/// `number` × `scale`, exactly, or nothing if it is no whole number or too large.
pub(super) fn exact(number: &str, scale: u64) -> Exact {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let fraction = fraction.trim_end_matches('0');
    let Some(whole) = digits(whole).and_then(|n| n.checked_mul(u128::from(scale))) else {
        return Exact::TooLarge;
    };
    let (Some(numerator), Some(denominator)) =
        (digits(fraction), 10_u128.checked_pow(fraction.len().min(64) as u32))
    else {
        return Exact::TooFine;
    };
    let Some(product) = numerator.checked_mul(u128::from(scale)) else { return Exact::TooFine };
    if product % denominator != 0 {
        return Exact::TooFine;
    }
    let sum = whole.checked_add(product / denominator).and_then(|sum| u64::try_from(sum).ok());
    sum.map_or(Exact::TooLarge, Exact::Value)
}

/// What became of an exact conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exact {
    Value(u64),
    TooLarge,
    TooFine,
}

fn digits(text: &str) -> Option<u128> {
    if text.is_empty() { Some(0) } else { text.parse().ok() }
}
