//! What makes more calls of one, within a budget.

use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay, HedgeLayer};
use cascadia_patterns::retry::{Backoff, BudgetConfig, RetryConfig, RetryLayer};

use super::{Entry, Rig, entry};
use crate::conformance::bench::{LONG, Route, ms};

pub(super) const LAYERS: &[Entry] =
    &[Entry { of_two: 3, ..entry("retry", retry) }, Entry { of_two: 3, ..entry("hedge", hedge) }];

/// Half a retry, or half a copy, for each call.
const BUDGET: BudgetConfig = BudgetConfig { ratio: 0.5, min_per_second: 0.0, ttl: LONG };

fn retry(rig: &mut Rig, inner: Route) -> Route {
    let backoff = Backoff::Fixed { delay: ms(2) };
    let config = RetryConfig { backoff, budget: Some(BUDGET.into()), ..RetryConfig::default() };
    RetryLayer::new(config, rig.env(), inner)
}

fn hedge(rig: &mut Rig, inner: Route) -> Route {
    let delay = HedgeDelay::Fixed(ms(3));
    let config = HedgeConfig { delay, max: 2, budget: Some(BUDGET), ..HedgeConfig::default() };
    HedgeLayer::new(config, rig.env(), inner)
}
