use std::convert::identity;

use cascadia_models::plan::LayerPlan;
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay};
use cascadia_patterns::retry::BudgetConfig;

use super::layer::{Layer, NotOnArrival, Standing};
use super::place::Place;
use crate::decode::{Decode, Def, Quantity, Shape, either, object, wrong_shape};
use crate::diagnostics::{Code, Diagnostic, Report};
use crate::text::Node;
use crate::units::{Duration, Share, Unlimited, share_text};

/// What it alone is refused for.
pub(super) const CODES: &[Code] = &[SAME_SERVER];

const SAME_SERVER: Code = Code {
    code: "S038",
    title: "a copy that meets the same server",
    text: "A hedge sends a copy to another replica, so it stands before the balancer and not in \
        an inbound stack.",
};

either! {
    /// Sends what is slow once more, to another replica: after a delay, or by an object.
    pub(super) enum Hedge: HedgeObject {
        Delay => HedgeObject::after,
        HedgeObject => identity,
    }
}

object! {
    /// When, how often and at whose expense a call is sent once more.
    pub(super) struct HedgeObject {
        /// How long a call is waited for before a copy is sent.
        delay: Option<Delay>
            => "the latency that all but the budget's share of the calls do not exceed, so p95",
        /// Copies besides the first call, at most 4.
        max: u8 = HedgeConfig::default().max,
        /// Copies for each call, a share or "unlimited".
        budget: Option<HedgeBudget> => budget_text(),
        /// Also sends copies of what is not idempotent.
        hedge_unsafe as "unsafe": bool = HedgeConfig::default().hedge_unsafe,
        /// Sends every call twice, and the copy that a server begins cancels the other in its
        /// queue. The second then goes after 1ms and there is no budget, unless they are given.
        tied: bool = HedgeConfig::default().tied,
    }
}

either! {
    /// Copies for each call.
    pub(super) enum HedgeBudget: CopyBudget {
        Unlimited => |()| CopyBudget::Unlimited,
        Share => CopyBudget::Ratio,
    }
}

/// Copies for each call.
#[derive(Clone, Copy, Debug)]
pub(super) enum CopyBudget {
    Ratio(f64),
    Unlimited,
}

fn budget_text() -> String {
    HedgeConfig::default().budget.map_or_else(String::new, |budget| share_text(budget.ratio))
}

/// How long a call is waited for: a duration, or a percentile of the recent calls.
#[derive(Debug)]
pub(super) enum Delay {}

static PERCENTILE: Quantity = Quantity {
    name: "Percentile",
    about: "A percentile of the recent calls: p and two to five digits, so that p999 is 99.9%.",
    belongs: "a percentile such as \"p95\"",
    pattern: "^p[0-9]{2,5}$",
    examples: &["p95"],
};

impl Decode for Delay {
    type Value = HedgeDelay;

    fn decode(node: &Node, report: &mut Report) -> Option<HedgeDelay> {
        if let Some(share) = node.text().and_then(share) {
            return Some(HedgeDelay::quantile(share));
        }
        if !Duration::shape().fits(node) {
            wrong_shape(node, Self::shape(), report);
            return None;
        }
        Duration::decode(node, report).map(HedgeDelay::Fixed)
    }

    fn shape() -> Shape {
        Shape::Any(Def {
            name: "HedgeDelay",
            about: "How long a call is waited for.",
            parts: || vec![Duration::shape(), Shape::Quantity(&PERCENTILE)],
        })
    }
}

/// p95 is 0.95 and p999 is 0.999, as in checks.
fn share(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('p')?;
    let known = (2..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    known.then(|| format!("0.{digits}").parse().ok()).flatten()
}

impl HedgeObject {
    fn after(delay: HedgeDelay) -> Self {
        let HedgeConfig { max, hedge_unsafe, tied, .. } = HedgeConfig::default();
        Self { delay: Some(delay), max, budget: None, hedge_unsafe, tied }
    }

    fn config(&self) -> HedgeConfig {
        let Self { max, hedge_unsafe, tied, .. } = *self;
        let default = if tied { HedgeConfig::tied() } else { HedgeConfig::default() };
        let budget = match self.budget {
            None => default.budget,
            Some(CopyBudget::Unlimited) => None,
            Some(CopyBudget::Ratio(ratio)) => {
                HedgeConfig::default().budget.map(|budget| BudgetConfig { ratio, ..budget })
            }
        };
        let delay = match self.delay {
            Some(delay) => delay,
            None if tied => default.delay,
            None => adaptive(budget, default.delay),
        };
        HedgeConfig { delay, max, budget, hedge_unsafe, tied }
    }
}

/// The delay after which a share of the calls is left that the budget can pay for.
fn adaptive(budget: Option<BudgetConfig>, default: HedgeDelay) -> HedgeDelay {
    match budget {
        Some(budget) if budget.ratio < 1.0 => HedgeDelay::quantile(1.0 - budget.ratio),
        _ => default,
    }
}

impl Layer for HedgeObject {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(self.config())]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.config().check()
    }

    fn check_place(&self, standing: &Standing<'_>, report: &mut Report) {
        let Some(balancer) = standing.balancer_outside() else { return };
        let message = format!("policy `{}` hedges inside its balancer", standing.policy.name);
        let diagnostic = Diagnostic::error(SAME_SERVER.code, message)
            .at(standing.node().span, "every copy would meet the same replica")
            .at(balancer.span, "the replica is chosen here");
        report.push(diagnostic.help("put the hedge before the balancer"));
    }

    fn not_on_arrival(&self) -> Option<NotOnArrival> {
        Some(NotOnArrival { code: SAME_SERVER.code, does: "hedges", what: "a hedge" })
    }

    fn not_in_fallback(&self) -> Option<&'static str> {
        Some("sends once more")
    }
}
