use cascadia_models::plan::LayerPlan;
use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::config::ConfigError;

use super::layer::{Layer, NotOnArrival, Standing};
use super::place::Place;
use crate::decode::words;
use crate::diagnostics::{Code, Diagnostic, Report};

/// What it alone is refused for.
pub(super) const CODES: &[Code] = &[TWICE, ON_ARRIVAL];

const TWICE: Code = Code {
    code: "S033",
    title: "several balancers",
    text: "A stack balances at most once: what is outside exists once for the target, what is \
        inside once for each replica.",
};

const ON_ARRIVAL: Code = Code {
    code: "S034",
    title: "a balancer on arrival",
    text: "An inbound stack protects one replica, so there is nothing to balance.",
};

pub(super) type Balance = BalanceKind;

words! {
    /// Chooses a replica; outer layers exist once for the target, inner ones for each replica.
    "Balance" for BalanceKind {
        /// Each in turn.
        round_robin => BalanceKind::RoundRobin,
        /// Any.
        random => BalanceKind::Random,
        /// The one with the fewest calls under way.
        least_connections => BalanceKind::LeastConnections,
        /// The better of two drawn at random.
        p2c => BalanceKind::P2c,
    }
}

impl Layer for BalanceKind {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(*self)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    fn check_place(&self, standing: &Standing<'_>, report: &mut Report) {
        let Some(first) = standing.balancer_outside() else { return };
        let message = format!("policy `{}` balances twice", standing.policy.name);
        let diagnostic = Diagnostic::error(TWICE.code, message)
            .at(standing.node().span, "again here")
            .at(first.span, "first here");
        report.push(diagnostic.help("keep one of them"));
    }

    fn not_on_arrival(&self) -> Option<NotOnArrival> {
        Some(NotOnArrival { code: ON_ARRIVAL.code, does: "balances", what: "a balancer" })
    }

    fn balances(&self) -> bool {
        true
    }
}
