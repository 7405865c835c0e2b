use std::sync::Arc;

use cascadia_runtime::{Runtime, Stream, Time};

use super::{Answer, LimitConfig, Limiter, Permit};
use crate::call::{Call, Rejection};
use crate::config::assert_checked;
use crate::env::Env;
use crate::guard::{Ended, Failed, Guard, GuardLayer};
use crate::observe::{Level, Signal};

/// Bounds the calls under way by a limit that it finds itself.
pub type LimitLayer<R, Q, T, E> = GuardLayer<Limiter, R, Q, T, E>;

impl<R: Runtime, Q, T, E> LimitLayer<R, Q, T, E> {
    /// An adaptive limit before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(config: LimitConfig, env: Env<R, T, E>, inner: Arc<dyn Call<Q, T, E>>) -> Arc<Self> {
        assert_checked(config.check());
        Self::around(Limiter::new(config), config.count_local, env, inner)
    }

    /// Calls under way.
    pub fn in_flight(&self) -> u32 {
        self.with(|core, _| core.in_flight())
    }

    /// Calls that may be under way.
    pub fn limit(&self) -> u32 {
        self.with(|core, _| core.limit())
    }
}

impl Guard for Limiter {
    const LAYER: &'static str = "LimitLayer";
    type Permit = Permit;

    fn admit(&mut self, now: Time, stream: &mut Stream) -> Result<Permit, Rejection> {
        self.on_call(now, stream)
    }

    /// An error that is no overload says nothing: it comes as fast as it likes.
    fn settle(&mut self, now: Time, permit: Permit, ended: Ended, stream: &mut Stream) {
        let answer = match ended {
            Ok(()) => Answer::Ok,
            Err(Failed { timed_out: true, .. }) => Answer::TimedOut,
            Err(Failed { overload: true, .. }) => Answer::Refused,
            Err(_) => return self.on_abandoned(permit),
        };
        self.on_answer(now, permit, answer, stream);
    }

    fn abandon(&mut self, _: Time, permit: Permit) {
        self.on_abandoned(permit);
    }

    fn poll_signal(&mut self) -> Option<Signal<'static>> {
        self.poll_limit().map(|limit| Signal::Level(Level::LIMIT, f64::from(limit)))
    }
}
