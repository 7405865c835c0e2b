use std::time::Duration;

use cascadia_runtime::Time;

use super::{HedgeConfig, HedgeDelay, Latencies};
use crate::retry::RatioBudget;

/// How often the delay is looked up (Finagle).
const REFRESH: Duration = Duration::from_secs(3);

/// What the hedges of all calls share: the delay and the budget.
#[derive(Debug)]
pub struct Hedge {
    delay: HedgeDelay,
    latencies: Latencies,
    current: Option<Duration>,
    refresh_at: Option<Time>,
    refreshed: bool,
    budget: Option<RatioBudget>,
}

impl Hedge {
    /// Hedges of which none was made.
    pub fn new(config: HedgeConfig) -> Self {
        let current = match config.delay {
            HedgeDelay::Fixed(delay) => Some(delay),
            HedgeDelay::Quantile { .. } => None,
        };
        Self {
            delay: config.delay,
            latencies: Latencies::default(),
            current,
            refresh_at: None,
            refreshed: false,
            budget: config.budget.map(RatioBudget::new),
        }
    }

    /// A call comes. Returns how long to wait for it before a copy is sent, if that is known.
    pub fn on_call(&mut self, now: Time) -> Option<Duration> {
        if let Some(budget) = &mut self.budget {
            budget.on_request(now);
        }
        self.refresh(now);
        self.current
    }

    /// A first call took so long: it succeeded or timed out, or a copy won against it.
    ///
    /// A failure says nothing about how long success takes and is not told here.
    pub fn on_latency(&mut self, now: Time, took: Duration) {
        if matches!(self.delay, HedgeDelay::Quantile { .. }) {
            self.latencies.record(now, took);
        }
    }

    /// A first call was dropped after so long. That says something only of a call that had already
    /// taken longer than the delay: it belongs to the rest, however long it would have taken.
    pub fn on_abandoned(&mut self, now: Time, took: Duration) {
        if self.current.is_some_and(|delay| took >= delay) {
            self.on_latency(now, took);
        }
    }

    /// Takes one copy out of the budget, if it pays for one.
    pub fn try_withdraw(&mut self, now: Time) -> bool {
        self.budget.as_mut().is_none_or(|budget| budget.try_withdraw(now))
    }

    /// Puts back a copy that was taken out at `withdrawn` and reached nobody.
    pub fn refund(&mut self, withdrawn: Time) {
        if let Some(budget) = &mut self.budget {
            budget.refund(withdrawn);
        }
    }

    /// Copies that the budget would pay for now, where there is one.
    pub fn balance(&mut self, now: Time) -> Option<u64> {
        self.budget.as_mut().map(|budget| budget.balance(now))
    }

    /// The delay that was looked up since this was last asked, where another was found.
    pub fn poll_refreshed(&mut self) -> Option<Duration> {
        let refreshed = std::mem::take(&mut self.refreshed);
        self.current.filter(|_| refreshed)
    }

    fn refresh(&mut self, now: Time) {
        let HedgeDelay::Quantile { share, min, min_calls } = self.delay else { return };
        if now < *self.refresh_at.get_or_insert(now + REFRESH) {
            return;
        }
        self.refresh_at = Some(now + REFRESH);
        let known = self.latencies.count(now) >= min_calls.max(1);
        let latency = self.latencies.quantile(now, share).filter(|_| known);
        let current = latency.map(|latency| latency.max(min));
        self.refreshed = current != self.current;
        self.current = current;
    }
}
