use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream};

use super::{BalanceConfig, Pool};
use crate::call::{BoxFuture, Call, Context, Failure, Layer, Outcome, Reason, Rejection, Request};
use crate::config::assert_checked;
use crate::env::{Env, reject};
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
    pub(crate) fn pick(&self, ejected: &[bool], context: &mut Context) -> Option<Share<'_>> {
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
        Some(Share { state: &self.state, index })
    }

    /// An endpoint that is open rests. Whoever tries again is sent to another one, so it need not
    /// wait for this one.
    fn judge(&self, index: usize, mut outcome: Outcome<T, E>) -> Outcome<T, E> {
        if let Err(Failure::Rejected(rejection)) = &mut outcome
            && rejection.safe_to_retry
            && self.endpoints.len() > 1
            && let Some(wait) = rejection.retry_after.take()
            && rejection.reason == Reason::Open
        {
            lock(&self.state).pool.on_open(index, self.world.now() + wait);
        }
        outcome
    }
}

impl<R, Q, T, E> BalanceLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    /// Sends a call to the endpoint that was chosen for it.
    pub(crate) async fn send(&self, share: Option<Share<'_>>, request: Q) -> Outcome<T, E> {
        let Some(share) = share else {
            let rejection = Rejection {
                by: Layer::Balance,
                reason: Reason::NoEndpoint,
                retry_after: None,
                safe_to_retry: true,
            };
            return Err(reject(&*self.observe, self.world.now(), rejection));
        };
        let outcome = Arc::clone(&self.endpoints[share.index]).call(request).await;
        self.judge(share.index, outcome)
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
        Box::pin(async move { self.send(self.pick(&[], request.context_mut()), request).await })
    }
}

/// A call under way at an endpoint.
pub(crate) struct Share<'a> {
    state: &'a Mutex<State>,
    pub(crate) index: usize,
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        lock(self.state).pool.on_ended(self.index);
    }
}
