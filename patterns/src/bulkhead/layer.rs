use std::fmt;
use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::compartments::{Compartments, Kind};
use super::core::rejection;
use super::{
    Admission, Bulkhead, BulkheadConfig, KeyedBulkhead, KeyedBulkheadConfig, Pool, PoolConfig,
};
use crate::call::{BoxFuture, Call, Outcome, Reason, Request};
use crate::config::assert_checked;
use crate::env::{Env, refuse, reject};
use crate::gate::Gate;
use crate::observe::Observe;
use crate::sync::before;

/// Names the compartment of a request: an id, or a hash of a name.
pub type KeyOf<Q> = dyn Fn(&Q) -> u64 + Send + Sync;

/// Bounds the calls under way.
pub struct BulkheadLayer<R, Q, T, E> {
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    key: Box<KeyOf<Q>>,
    gate: Arc<Gate<R, Compartments>>,
}

impl<R, Q, T, E> fmt::Debug for BulkheadLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkheadLayer")
            .field("core", &self.gate)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
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
}

impl<R, Q, T, E> Call<Q, T, E> for BulkheadLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        let now = || self.gate.world.now();
        let key = (self.key)(&request);
        let (lane, admission) = self.gate.with(|core| core.on_call(now, key));
        match admission {
            Admission::Rejected(rejection) => refuse(&*self.observe, now(), rejection),
            Admission::Granted => {
                let permit = self.gate.permit(lane);
                permit.hold(Arc::clone(&self.inner).call(request))
            }
            Admission::Queued { ticket, most } => {
                let (turn, until) = (self.gate.turn(lane, ticket), now() + most);
                Box::pin(async move {
                    let turn = before(&self.gate.world, until, turn).await;
                    match turn.unwrap_or_else(|| Err(rejection(Reason::WAITED_TOO_LONG))) {
                        Ok(_permit) => Arc::clone(&self.inner).call(request).await,
                        Err(rejection) => {
                            Err(reject(&*self.observe, self.gate.world.now(), rejection))
                        }
                    }
                })
            }
        }
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
