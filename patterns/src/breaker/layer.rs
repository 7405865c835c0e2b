use std::sync::Arc;

use cascadia_runtime::{Runtime, Stream, Time};

use super::{Breaker, BreakerConfig, Manual, Permit, Snapshot};
use crate::call::{Call, Rejection, Status};
use crate::config::assert_checked;
use crate::env::Env;
use crate::guard::{Ended, Guard, GuardLayer};
use crate::observe::Signal;

/// Refuses calls to what fails.
pub type BreakerLayer<R, Q, T, E> = GuardLayer<Breaker, R, Q, T, E>;

impl<R: Runtime, Q, T, E> BreakerLayer<R, Q, T, E> {
    /// A circuit breaker before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: BreakerConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        let count_local = config.count_local;
        Self::around(Breaker::new(config), count_local, env, inner)
    }

    /// Takes the circuit in hand, or lets go of it.
    pub fn force(&self, manual: Manual) {
        self.with(|core, _| core.force(manual));
    }

    /// The breaker as it is now.
    pub fn snapshot(&self) -> Snapshot {
        self.with(Breaker::snapshot)
    }
}

impl Guard for Breaker {
    const LAYER: &'static str = "BreakerLayer";
    type Permit = Permit;

    fn admit(&mut self, now: Time, stream: &mut Stream) -> Result<Permit, Rejection> {
        self.on_call(now, stream)
    }

    fn settle(&mut self, now: Time, permit: Permit, ended: Ended, stream: &mut Stream) {
        match ended {
            Ok(()) => self.on_success(now, permit, stream),
            Err(failed) => self.on_failure(now, permit, failed.overload, stream),
        }
    }

    fn abandon(&mut self, _: Time, permit: Permit) {
        self.on_abandoned(permit);
    }

    fn poll_signal(&mut self) -> Option<Signal<'static>> {
        let transition = self.poll_transition().map(Signal::from);
        transition.or_else(|| self.poll_count().map(Signal::Count))
    }

    fn status(&mut self, now: Time, stream: &mut Stream) -> Status {
        Self::status(self, now, stream)
    }
}
