use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay};
use cascadia_patterns::retry::BudgetConfig;

use crate::dto;

pub(super) fn config(dto::Hedge(hedge): dto::Hedge) -> HedgeConfig {
    let tied = hedge.tied.unwrap_or(false);
    let default = if tied { HedgeConfig::tied() } else { HedgeConfig::default() };
    let budget = match hedge.budget {
        None => default.budget,
        Some(dto::HedgeBudget::Unlimited) => None,
        Some(dto::HedgeBudget::Ratio(share)) => {
            HedgeConfig::default().budget.map(|budget| BudgetConfig { ratio: share.0, ..budget })
        }
    };
    let delay = match hedge.delay {
        Some(dto::HedgeDelay::Fixed(delay)) => HedgeDelay::Fixed(delay.std()),
        Some(dto::HedgeDelay::Quantile(share)) => HedgeDelay::quantile(share),
        None if tied => default.delay,
        None => adaptive(budget, default.delay),
    };
    HedgeConfig {
        delay,
        max: hedge.max.unwrap_or(default.max),
        budget,
        hedge_unsafe: hedge.hedge_unsafe.unwrap_or(default.hedge_unsafe),
        tied,
    }
}

/// The delay after which a share of the calls is left that the budget can pay for.
fn adaptive(budget: Option<BudgetConfig>, default: HedgeDelay) -> HedgeDelay {
    match budget {
        Some(budget) if budget.ratio < 1.0 => HedgeDelay::quantile(1.0 - budget.ratio),
        _ => default,
    }
}
