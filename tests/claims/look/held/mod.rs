//! The claims, by what they are about.

mod causes;
mod culprits;
mod events;
mod falls;
mod fixed;
mod heads;
mod messages;
mod recoveries;
mod storms;
mod tables;

pub(crate) use self::fixed::{BY, FIXED};
use super::Claim;
use super::oracle::Case;

/// All of them.
pub(crate) fn claims() -> impl Iterator<Item = &'static Claim> {
    let all: [&[Claim]; 9] = [
        causes::HELD,
        culprits::HELD,
        events::HELD,
        falls::HELD,
        heads::HELD,
        messages::HELD,
        recoveries::HELD,
        storms::HELD,
        tables::HELD,
    ];
    all.into_iter().flatten()
}

const fn claim(
    text: &'static str,
    places: &'static [&'static str],
    told: fn(&Case<'_>) -> Vec<String>,
) -> Claim {
    Claim { text, places, told, every: false }
}

/// Something is told of every run.
const fn every(
    text: &'static str,
    places: &'static [&'static str],
    told: fn(&Case<'_>) -> Vec<String>,
) -> Claim {
    Claim { text, places, told, every: true }
}

/// A text that is told if something is so.
fn told_if(is_so: bool, text: impl ToString) -> Vec<String> {
    if is_so { vec![text.to_string()] } else { Vec::new() }
}
