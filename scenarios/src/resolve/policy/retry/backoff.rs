use cascadia_patterns::retry::Backoff;

use crate::dto;

/// The share by which gRPC spreads a delay either way.
const SPREAD: f64 = 0.2;

pub(super) fn backoff(backoff: &dto::Backoff) -> Backoff {
    let growth =
        |growth: &dto::Growth| (growth.base.std(), growth.factor.unwrap_or(2.0), growth.max.std());
    match backoff {
        dto::Backoff::None => Backoff::None,
        dto::Backoff::Fixed(delay) => Backoff::Fixed { delay: delay.std() },
        dto::Backoff::Linear(bounds) => {
            Backoff::Linear { base: bounds.base.std(), max: bounds.max.std() }
        }
        dto::Backoff::Decorrelated(bounds) => {
            Backoff::Decorrelated { base: bounds.base.std(), max: bounds.max.std() }
        }
        dto::Backoff::Exponential(bounds) => {
            let (base, factor, max) = growth(bounds);
            Backoff::Exponential { base, factor, max }
        }
        dto::Backoff::FullJitter(bounds) => {
            let (base, factor, max) = growth(bounds);
            Backoff::FullJitter { base, factor, max }
        }
        dto::Backoff::EqualJitter(bounds) => {
            let (base, factor, max) = growth(bounds);
            Backoff::EqualJitter { base, factor, max }
        }
        dto::Backoff::Proportional(dto::Proportional { base, max, factor, spread }) => {
            Backoff::Proportional {
                base: base.std(),
                factor: factor.unwrap_or(2.0),
                max: max.std(),
                spread: spread.map_or(SPREAD, |spread| spread.0),
            }
        }
    }
}
