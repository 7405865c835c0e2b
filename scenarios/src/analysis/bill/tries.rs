//! How often a call is made for one that is asked for.

use std::time::Duration;

use cascadia_models::plan::{LayerPlan, Plan, StackId};
use cascadia_patterns::breaker::BreakerConfig;
use cascadia_patterns::breaker::document::DocumentConfig;
use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay};
use cascadia_patterns::retry::{Backoff, Budget, RetryConfig};
use cascadia_runtime::{Identity, Stream};

use super::trouble::Trouble;
use crate::analysis::requests::timeout;

/// Delays of retries that are looked at one by one; the others are as long as the longest.
const LOOKED_AT: u32 = 64;

/// A way through a stack, as far as it says how often calls are made.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) plan: &'a Plan,
    pub(super) stack: Option<StackId>,
    /// Sending twice does no harm.
    pub(super) safe: bool,
    /// Whom it is sent to may refuse it, after which it may be sent again in any case.
    pub(super) refuses: bool,
    /// Callers with a stack of their own, each with a budget.
    pub(super) callers: f64,
    /// Calls that they ask for in the run.
    pub(super) calls: f64,
    /// The share of calls that fails when nothing is wrong.
    pub(super) failing: f64,
    /// How long a call takes when nothing is wrong, in nanoseconds.
    pub(super) takes: f64,
    /// How long a message takes there and back.
    pub(super) trip: f64,
}

impl Way<'_> {
    /// The mean number of calls that are sent for one that is asked for.
    pub(super) fn tries(&self, trouble: Trouble) -> f64 {
        let layers = self.plan.layers(self.stack);
        layers.iter().enumerate().map(|(at, _)| self.tries_of(layers, at, trouble)).product()
    }

    /// What layer number `at` makes of one call through it.
    fn tries_of(&self, layers: &[LayerPlan], at: usize, trouble: Trouble) -> f64 {
        let layer = &layers[at];
        let Some(repeats) = layer.repeats() else { return 1.0 };
        let (most, is_safe) = (f64::from(repeats.most), self.safe || repeats.repeats_unsafe);
        if let Some(hedge) = layer.settings::<HedgeConfig>() {
            let copies = if is_safe { self.copies(hedge, most - 1.0, trouble) } else { 0.0 };
            return 1.0 + copies;
        }
        if !is_safe && !self.refuses && !trouble.refused {
            return 1.0;
        }
        let Some(retry) = layer.settings::<RetryConfig>() else { return most };
        let within = layers[..at].iter().filter_map(|layer| layer.patience());
        let patience = within.fold(f64::INFINITY, |least, it| least.min(it.as_nanos() as f64));
        let turn = self.takes.min(timeout(self.plan, self.stack)) + self.trip;
        let calm =
            tries(self.failing, most.min(fitting(pauses(&retry.backoff), turn, patience, most)));
        let time = patience.min(trouble.longest);
        let failing = if layers[at + 1..].iter().any(breaks) { 0.0 } else { trouble.failing };
        let wrong = tries(failing, fitting(pauses(&retry.backoff), self.trip, time, most));
        let mean = (1.0 - trouble.share) * calm + trouble.share * wrong;
        retry.budget.map_or(mean, |budget| mean.min(1.0 + self.allowed(budget)))
    }

    fn copies(&self, hedge: &HedgeConfig, most: f64, trouble: Trouble) -> f64 {
        let late = match hedge.delay {
            HedgeDelay::Quantile { share, .. } => 1.0 - share,
            HedgeDelay::Fixed(delay) => longer(self.takes, delay.as_nanos() as f64),
            _ => 1.0,
        };
        let wrong = trouble.share * trouble.failing;
        let copies = most * ((1.0 - wrong) * late + wrong);
        let ratio = hedge.budget.map(|budget| self.allowed(Budget::Ratio(budget)));
        ratio.map_or(copies, |ratio| copies.min(ratio))
    }

    /// Retries that a budget allows for a call.
    fn allowed(&self, budget: Budget) -> f64 {
        let seconds = self.plan.duration.as_nanos() as f64 / 1e9;
        let each = |bucket: f64| bucket * self.callers / self.calls.max(1.0);
        match budget {
            Budget::Ratio(ratio) => ratio.ratio + each(ratio.min_per_second * seconds),
            Budget::Tokens(tokens) => tokens.ratio + each(tokens.max),
            Budget::Aws(aws) => {
                let dear = f64::from(aws.retry.min(aws.timeout).min(aws.throttling).max(1));
                1.0 / dear + each(f64::from(aws.capacity) / dear)
            }
            Budget::Bucket(bucket) => bucket.deposit + each(bucket.capacity),
            _ => f64::INFINITY,
        }
    }
}

/// How many tries there are within `time`, of at most so many, where one that fails takes `turn` and there
/// is a pause before each of the others.
pub(super) fn fitting(
    mut pause: impl FnMut(u32) -> Duration,
    turn: f64,
    time: f64,
    most: f64,
) -> f64 {
    let (mut tries, mut at) = (1.0, turn);
    for retry in 0..LOOKED_AT {
        at += pause(retry).as_nanos() as f64 + turn;
        if tries >= most || at > time {
            return tries.min(most);
        }
        tries += 1.0;
    }
    let rest = (time - at).max(0.0) / (at / tries).max(f64::MIN_POSITIVE);
    (tries + rest).min(most)
}

/// The pauses of a retry, in their order.
fn pauses(backoff: &Backoff) -> impl FnMut(u32) -> Duration {
    let mut stream = Stream::new(1, Identity::new("bill"), 0);
    let mut previous = Duration::ZERO;
    move |retry| {
        previous = backoff.delay(retry, previous, &mut stream);
        previous
    }
}

fn breaks(layer: &LayerPlan) -> bool {
    layer.settings::<BreakerConfig>().is_some() || layer.settings::<DocumentConfig>().is_some()
}

/// How often something is tried that fails with this probability, and at most so often.
fn tries(failing: f64, most: f64) -> f64 {
    if failing >= 1.0 { most } else { (1.0 - libm::pow(failing, most)) / (1.0 - failing) }
}

/// The share of calls that take longer than `limit` where they take `mean` on average.
pub(super) fn longer(mean: f64, limit: f64) -> f64 {
    if mean <= 0.0 { 0.0 } else { libm::exp(-limit / mean) }
}
