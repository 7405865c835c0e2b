use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay};
use cascadia_patterns::retry::BudgetConfig;

use crate::dto;

pub(super) fn config(dto::Hedge(hedge): dto::Hedge) -> HedgeConfig {
    let default = HedgeConfig::default();
    let budget = match hedge.budget {
        None => default.budget,
        Some(dto::HedgeBudget::Unlimited) => None,
        Some(dto::HedgeBudget::Ratio(share)) => {
            default.budget.map(|budget| BudgetConfig { ratio: share.0, ..budget })
        }
    };
    HedgeConfig {
        delay: hedge.delay.map_or_else(|| adaptive(budget, default.delay), delay),
        max: hedge.max.unwrap_or(default.max),
        budget,
        hedge_unsafe: hedge.hedge_unsafe.unwrap_or(default.hedge_unsafe),
    }
}

fn delay(delay: dto::HedgeDelay) -> HedgeDelay {
    match delay {
        dto::HedgeDelay::Fixed(delay) => HedgeDelay::Fixed(delay.std()),
        dto::HedgeDelay::Quantile(share) => HedgeDelay::quantile(share),
    }
}

/// The delay after which a share of the calls is left that the budget can pay for.
fn adaptive(budget: Option<BudgetConfig>, default: HedgeDelay) -> HedgeDelay {
    match budget {
        Some(budget) if budget.ratio < 1.0 => HedgeDelay::quantile(1.0 - budget.ratio),
        _ => default,
    }
}
