use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::compartments::{Compartments, Kind};
use super::core::rejection;
use super::{
    Admission, Bulkhead, BulkheadConfig, KeyedBulkhead, KeyedBulkheadConfig, Pool, PoolConfig,
};
use crate::call::{BoxFuture, Call, Outcome, Reason, Rejection, Request};
use crate::config::assert_checked;
use crate::env::{Env, reject};
use crate::gate::{Gate, Permit};
use crate::observe::Observe;
use crate::sync::before;

/// Names the compartment of a request: an id, or a hash of a name.
pub type KeyOf<Q> = dyn Fn(&Q) -> u64 + Send + Sync;

/// Bounds the calls under way.
pub struct BulkheadLayer<R, Q, T, E> {
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    key: Box<KeyOf<Q>>,
    gate: Gate<R, Compartments>,
}

impl<R: Runtime, Q: 'static, T, E> BulkheadLayer<R, Q, T, E> {
    /// A bulkhead before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: BulkheadConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        Self::build(Kind::Semaphore(Bulkhead::new(config)), Box::new(|_| 0), env, inner)
    }

    /// A pool of threads with a queue before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn pool(config: PoolConfig, env: Env<R, T, E>, inner: Arc<dyn Call<Q, T, E>>) -> Arc<Self> {
        assert_checked(config.check());
        Self::build(Kind::Pool(Pool::new(config)), Box::new(|_| 0), env, inner)
    }

    /// A bulkhead for each `key` before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn keyed(
        config: KeyedBulkheadConfig,
        key: Box<KeyOf<Q>>,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        Self::build(Kind::Keyed(KeyedBulkhead::new(config)), key, env, inner)
    }

    fn build(
        kind: Kind,
        key: Box<KeyOf<Q>>,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        let gate = Gate::new(env.world, Compartments::new(kind));
        Arc::new(Self { observe: env.observe, inner, key, gate })
    }

    /// Calls that hold a permit.
    pub fn in_flight(&self) -> u32 {
        self.gate.with(|core| core.in_flight())
    }

    /// Calls that wait for a permit.
    pub fn waiting(&self) -> u32 {
        self.gate.with(|core| core.waiting())
    }

    async fn enter(&self, key: u64) -> Result<Permit<'_, R, Compartments>, Rejection> {
        let now = || self.gate.world.now();
        let (lane, admission) = self.gate.with(|core| core.on_call(now, key));
        match admission {
            Admission::Granted => Ok(self.gate.permit(lane)),
            Admission::Rejected(rejection) => Err(rejection),
            Admission::Queued { ticket, most } => {
                let turn = self.gate.turn(lane, ticket);
                let turn = before(&self.gate.world, now() + most, turn).await;
                turn.unwrap_or_else(|| Err(rejection(Reason::WaitedTooLong)))
            }
        }
    }
}

impl<R, Q, T, E> Call<Q, T, E> for BulkheadLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        Box::pin(async move {
            let entered = self.enter((self.key)(&request)).await;
            match entered {
                Ok(_permit) => Arc::clone(&self.inner).call(request).await,
                Err(rejection) => Err(reject(&*self.observe, self.gate.world.now(), rejection)),
            }
        })
    }
}
