use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream, Time};

use super::{BalanceConfig, Pool, Wish};
use crate::call::{
    Attempt, BoxFuture, Call, Failure, Layer, Outcome, Reason, Rejection, Request, Sense, Status,
    Tried,
};
use crate::config::assert_checked;
use crate::env::{Env, refuse};
use crate::observe::Observe;
use crate::sync::{Shown, lock};

/// Sends each call to one of several endpoints.
pub struct BalanceLayer<R, Q, T, E> {
    world: R,
    observe: Arc<dyn Observe>,
    endpoints: Vec<Arc<dyn Call<Q, T, E>>>,
    state: Mutex<State>,
}

impl<R, Q, T, E> fmt::Debug for BalanceLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BalanceLayer")
            .field("pool", &Shown(&self.state, |state| &state.pool))
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

struct State {
    pool: Pool,
    stream: Stream,
}

impl<R: Runtime, Q, T, E> BalanceLayer<R, Q, T, E> {
    /// A balancer over `endpoints`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: BalanceConfig,
        env: Env<R, T, E>,
        endpoints: Vec<Arc<dyn Call<Q, T, E>>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        let pool = Pool::new(config.kind.build(), endpoints.len());
        let state = Mutex::new(State { pool, stream: env.stream });
        Arc::new(Self { world: env.world, observe: env.observe, endpoints, state })
    }

    /// The calls each endpoint has under way.
    pub fn outstanding(&self) -> Vec<u32> {
        lock(&self.state).pool.outstanding().collect()
    }

    /// The number of endpoints.
    pub fn endpoints(&self) -> usize {
        self.endpoints.len()
    }

    /// Chooses an endpoint for a call, of those that are not `ejected` if there is one. Where there
    /// is no endpoint at all, the layer comes back.
    pub(crate) fn pick(
        self: Arc<Self>,
        ejected: &[bool],
        attempt: &mut Attempt,
    ) -> Picked<R, Q, T, E> {
        let now = self.world.now();
        let (apart, tried) = (attempt.apart.take(), attempt.tried.take());
        let copy = attempt.copy;
        let wish = Wish { now, ejected, tried: tried.as_ref() };
        let ask = |index: usize| self.endpoints[index].status(now);
        let index = {
            let State { pool, stream } = &mut *lock(&self.state);
            match &apart {
                Some(apart) if apart.has_others(copy) => {
                    pool.on_copy(wish, |index| apart.is_taken(copy, index), ask, stream)
                }
                _ => pool.on_call(wish, ask, stream),
            }
        };
        let Some(index) = index else { return Err(self) };
        if let Some(apart) = apart {
            apart.goes_to(copy, index);
        }
        if let Some(tried) = &tried {
            tried.goes_to(index);
        }
        Ok(Share { layer: self, index, tried })
    }
}

impl<R, Q, T, E> BalanceLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    /// Refuses a call that there is no endpoint for.
    pub(crate) fn refuse(&self) -> BoxFuture<Outcome<T, E>> {
        let rejection = Rejection::new(Layer::BALANCE, Reason::NO_ENDPOINT);
        refuse(&*self.observe, self.world.now(), rejection)
    }
}

impl<R, Q, T, E> Call<Q, T, E> for BalanceLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, mut request: Q) -> BoxFuture<Outcome<T, E>> {
        let share = match self.pick(&[], &mut request.context_mut().attempt) {
            Ok(share) => share,
            Err(layer) => return layer.refuse(),
        };
        let call = share.send(request);
        Box::pin(async move { share.settle(call.await, Vec::new) })
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        None
    }

    /// It is ready where one endpoint is.
    fn status(&self, now: Time) -> Status {
        let mut first = Status::Rests { until: Time::MAX };
        for endpoint in &self.endpoints {
            match (endpoint.status(now), first) {
                (Status::Ready, _) => return Status::Ready,
                (Status::Rests { until }, Status::Rests { until: other }) if until < other => {
                    first = Status::Rests { until };
                }
                _ => {}
            }
        }
        first
    }

    fn choices(&self) -> usize {
        self.endpoints.len()
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Where a call goes, or the balancer that has no place for it.
pub(crate) type Picked<R, Q, T, E> = Result<Share<R, Q, T, E>, Arc<BalanceLayer<R, Q, T, E>>>;

/// A call under way at an endpoint.
pub(crate) struct Share<R: Runtime, Q, T, E> {
    layer: Arc<BalanceLayer<R, Q, T, E>>,
    pub(crate) index: usize,
    /// Where its call has been tried, this try included.
    tried: Option<Tried>,
}

impl<R: Runtime, Q, T, E> Share<R, Q, T, E> {
    /// Sends the call to the endpoint that was chosen for it.
    pub(crate) fn send(&self, request: Q) -> BoxFuture<Outcome<T, E>> {
        Arc::clone(&self.layer.endpoints[self.index]).call(request)
    }

    /// The call ended. `ejected` are the endpoints that are not to be chosen.
    pub(crate) fn settle(
        &self,
        mut outcome: Outcome<T, E>,
        ejected: impl FnOnce() -> Vec<bool>,
    ) -> Outcome<T, E> {
        if let Err(Failure::Rejected(rejection)) = &mut outcome {
            self.refused(rejection, ejected);
        }
        outcome
    }

    /// Whoever tries again can be sent to another endpoint at once if there is one, and then need
    /// not wait for this one.
    #[cold]
    fn refused(&self, rejection: &mut Rejection, ejected: impl FnOnce() -> Vec<bool>) {
        if rejection.safe_to_retry
            && let Some(wait) = rejection.retry_after
            && self.is_needless(wait, rejection.reason, &ejected())
        {
            rejection.retry_after = None;
        }
    }

    /// Whether the wait that a refusal asks for is one for this endpoint alone, which then rests.
    fn is_needless(&self, wait: Duration, reason: Reason, ejected: &[bool]) -> bool {
        let layer = &self.layer;
        let now = layer.world.now();
        let wish = Wish { now, ejected, tried: self.tried.as_ref() };
        let pool = &mut lock(&layer.state).pool;
        if reason.sense() == (Sense::ShortCircuit { rests: true }) {
            pool.on_open(self.index, now + wait);
        }
        pool.has_another(self.index, wish, |index| layer.endpoints[index].status(now))
    }
}

impl<R: Runtime, Q, T, E> Drop for Share<R, Q, T, E> {
    fn drop(&mut self) {
        lock(&self.layer.state).pool.on_ended(self.index);
    }
}
