use cascadia_runtime::Time;

use super::DocumentConfig;
use crate::breaker::Transition;
use crate::call::{Layer, Reason, Rejection, Status};
use crate::observe::BreakerState;

/// The breaker of introductions: it gives no permits and so cannot know whose outcome it sees.
#[derive(Debug)]
pub struct DocumentBreaker {
    config: DocumentConfig,
    state: BreakerState,
    failures: u32,
    successes: u32,
    last_failure: Time,
    transition: Option<Transition>,
}

impl DocumentBreaker {
    /// A closed circuit.
    pub fn new(config: DocumentConfig) -> Self {
        Self {
            config,
            state: BreakerState::Closed,
            failures: 0,
            successes: 0,
            last_failure: Time::ZERO,
            transition: None,
        }
    }

    /// Admits a call or refuses it.
    ///
    /// # Errors
    ///
    /// The rejection. It does not say when to try again.
    pub fn on_call(&mut self, now: Time) -> Result<(), Rejection> {
        if self.state == BreakerState::Open {
            if now.since(self.last_failure) <= self.config.recovery {
                return Err(Rejection::new(Layer::BREAKER, Reason::OPEN));
            }
            self.enter(BreakerState::HalfOpen);
        }
        Ok(())
    }

    /// What becomes of a call that comes now.
    pub fn status(&self, now: Time) -> Status {
        let until = (self.last_failure + self.config.recovery).after(1);
        match self.state {
            BreakerState::Open if now < until => Status::Rests { until },
            _ => Status::Ready,
        }
    }

    /// A call, whenever it was admitted, did its work.
    pub fn on_success(&mut self) {
        if self.state != BreakerState::HalfOpen {
            return;
        }
        self.successes += 1;
        if self.successes >= self.config.successes {
            (self.failures, self.successes) = (0, 0);
            self.enter(BreakerState::Closed);
        }
    }

    /// A call, whenever it was admitted, failed.
    pub fn on_failure(&mut self, now: Time) {
        self.failures = self.failures.saturating_add(1);
        self.last_failure = now;
        match self.state {
            BreakerState::HalfOpen => {
                self.successes = 0;
                self.enter(BreakerState::Open);
            }
            BreakerState::Closed if self.failures >= self.config.failures => {
                self.enter(BreakerState::Open);
            }
            _ => {}
        }
    }

    /// The transition that the last event made, once.
    pub fn poll_transition(&mut self) -> Option<Transition> {
        self.transition.take()
    }

    /// The state that the last event left.
    pub fn state(&self) -> BreakerState {
        self.state
    }

    fn enter(&mut self, to: BreakerState) {
        self.transition = Some(Transition { from: self.state, to });
        self.state = to;
    }
}
