use std::sync::Arc;

use cascadia_runtime::{Runtime, Stream, Time};

use super::{DocumentBreaker, DocumentConfig};
use crate::call::{Call, Rejection, Status};
use crate::config::assert_checked;
use crate::env::Env;
use crate::guard::{Ended, Guard, GuardLayer};
use crate::observe::{BreakerState, Signal};

/// Refuses calls by the rules of the breaker of introductions.
pub type DocumentLayer<R, Q, T, E> = GuardLayer<DocumentBreaker, R, Q, T, E>;

impl<R: Runtime, Q, T, E> DocumentLayer<R, Q, T, E> {
    /// Such a breaker before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: DocumentConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        Self::around(DocumentBreaker::new(config), false, env, inner)
    }

    /// Its state.
    pub fn state(&self) -> BreakerState {
        self.with(|core, _| core.state())
    }
}

impl Guard for DocumentBreaker {
    const LAYER: &'static str = "DocumentLayer";
    type Permit = ();

    fn admit(&mut self, now: Time, _: &mut Stream) -> Result<(), Rejection> {
        self.on_call(now)
    }

    fn settle(&mut self, now: Time, (): (), ended: Ended, _: &mut Stream) {
        match ended {
            Ok(()) => self.on_success(),
            Err(_) => self.on_failure(now),
        }
    }

    fn abandon(&mut self, _: Time, (): ()) {}

    fn poll_signal(&mut self) -> Option<Signal<'static>> {
        self.poll_transition().map(Signal::from)
    }

    fn status(&mut self, now: Time, _: &mut Stream) -> Status {
        Self::status(self, now)
    }
}
