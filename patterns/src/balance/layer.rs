use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream};

use super::{BalanceConfig, Pool};
use crate::call::{BoxFuture, Call, Context, Failure, Layer, Outcome, Reason, Rejection, Request};
use crate::config::assert_checked;
use crate::env::{Env, refuse};
use crate::observe::Observe;
use crate::sync::lock;

/// Sends each call to one of several endpoints.
pub struct BalanceLayer<R, Q, T, E> {
    world: R,
    observe: Arc<dyn Observe>,
    endpoints: Vec<Arc<dyn Call<Q, T, E>>>,
    state: Mutex<State>,
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
        lock(&self.state).pool.outstanding().to_vec()
    }

    /// The number of endpoints.
    pub fn endpoints(&self) -> usize {
        self.endpoints.len()
    }

    /// Chooses an endpoint for a call, of those that are not `ejected` if there is one.
    pub(crate) fn pick(
        self: &Arc<Self>,
        ejected: &[bool],
        context: &mut Context,
    ) -> Option<Share<R, Q, T, E>> {
        let now = self.world.now();
        let (apart, copy) = (context.apart.take(), context.copy);
        let mut state = lock(&self.state);
        let State { pool, stream } = &mut *state;
        let others = apart.as_ref().filter(|apart| apart.has_others(copy));
        let index = match others {
            None => pool.on_call(now, ejected, stream)?,
            Some(apart) => {
                pool.on_copy(now, ejected, |index| apart.is_taken(copy, index), stream)?
            }
        };
        if let Some(apart) = apart {
            apart.goes_to(copy, index);
        }
        Some(Share { layer: Arc::clone(self), index })
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
        let rejection = Rejection {
            by: Layer::Balance,
            reason: Reason::NoEndpoint,
            retry_after: None,
            safe_to_retry: true,
        };
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
        let Some(share) = self.pick(&[], request.context_mut()) else { return self.refuse() };
        let call = share.send(request);
        Box::pin(async move { share.settle(call.await) })
    }
}

/// A call under way at an endpoint.
pub(crate) struct Share<R: Runtime, Q, T, E> {
    layer: Arc<BalanceLayer<R, Q, T, E>>,
    pub(crate) index: usize,
}

impl<R: Runtime, Q, T, E> Share<R, Q, T, E> {
    /// Sends the call to the endpoint that was chosen for it.
    pub(crate) fn send(&self, request: Q) -> BoxFuture<Outcome<T, E>> {
        Arc::clone(&self.layer.endpoints[self.index]).call(request)
    }

    /// The call ended. An endpoint that is open rests. Whoever tries again is sent to another one,
    /// so it need not wait for this one.
    pub(crate) fn settle(self, mut outcome: Outcome<T, E>) -> Outcome<T, E> {
        let layer = &self.layer;
        if let Err(Failure::Rejected(rejection)) = &mut outcome
            && rejection.safe_to_retry
            && layer.endpoints.len() > 1
            && let Some(wait) = rejection.retry_after.take()
            && rejection.reason == Reason::Open
        {
            lock(&layer.state).pool.on_open(self.index, layer.world.now() + wait);
        }
        outcome
    }
}

impl<R: Runtime, Q, T, E> Drop for Share<R, Q, T, E> {
    fn drop(&mut self) {
        lock(&self.layer.state).pool.on_ended(self.index);
    }
}
