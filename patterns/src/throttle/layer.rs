use std::sync::Arc;

use cascadia_runtime::{Runtime, Stream, Time};

use super::{Sent, Throttle, ThrottleConfig};
use crate::call::{Call, Rejection};
use crate::config::assert_checked;
use crate::env::Env;
use crate::guard::{Ended, Guard, GuardLayer};
use crate::observe::{Level, Signal};

/// Refuses what would be refused anyway.
pub type ThrottleLayer<R, Q, T, E> = GuardLayer<Throttle, R, Q, T, E>;

impl<R: Runtime, Q, T, E> ThrottleLayer<R, Q, T, E> {
    /// A throttle before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: ThrottleConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        Self::around(Throttle::new(config), config.count_local, env, inner)
    }

    /// The share of calls that is refused now.
    pub fn refused(&self) -> f64 {
        self.with(Throttle::refused)
    }
}

impl Guard for Throttle {
    const LAYER: &'static str = "ThrottleLayer";
    type Permit = Sent;

    fn admit(&mut self, now: Time, stream: &mut Stream) -> Result<Sent, Rejection> {
        self.on_call(now, stream)
    }

    /// A call that failed has been counted already.
    fn settle(&mut self, now: Time, sent: Sent, ended: Ended, _: &mut Stream) {
        if ended.is_ok() {
            self.on_accepted(now, sent);
        }
    }

    fn abandon(&mut self, now: Time, sent: Sent) {
        self.on_abandoned(now, sent);
    }

    fn poll_signal(&mut self) -> Option<Signal<'static>> {
        self.poll_refused().map(|refused| Signal::Level(Level::REFUSED, refused))
    }
}
