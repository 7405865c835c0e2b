use std::fmt;
use std::sync::{Arc, Mutex};
use std::thread::panicking;

use cascadia_runtime::{Runtime, Time};

use super::{Cooldown, CooldownConfig};
use crate::bulkhead::KeyOf;
use crate::call::{BoxFuture, Call, Class, Classify, Outcome, Request, Status, health};
use crate::config::assert_checked;
use crate::env::{Env, refuse};
use crate::observe::Observe;
use crate::sync::{Shown, lock};

/// Leaves alone for a while what has just failed.
pub struct CooldownLayer<R, Q, T, E> {
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    count_local: bool,
    /// None where all calls have the same.
    key: Option<Box<KeyOf<Q>>>,
    inner: Arc<dyn Call<Q, T, E>>,
    core: Mutex<Cooldown>,
}

impl<R, Q, T, E> fmt::Debug for CooldownLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CooldownLayer")
            .field("core", &Shown(&self.core, |core| core))
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<R: Runtime, Q, T, E> CooldownLayer<R, Q, T, E> {
    /// One before `inner`, in which a failure is one of all calls.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: CooldownConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        Self::build(Cooldown::new(config), config.count_local, None, env, inner)
    }

    /// One before `inner`, in which a failure is one of the calls that `key` says the same of.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn keyed(
        config: CooldownConfig,
        key: Box<KeyOf<Q>>,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        Self::build(Cooldown::keyed(config), config.count_local, Some(key), env, inner)
    }

    fn build(
        core: Cooldown,
        count_local: bool,
        key: Option<Box<KeyOf<Q>>>,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        let core = Mutex::new(core);
        let Env { world, classify, observe, .. } = env;
        Arc::new(Self { world, classify, observe, count_local, key, inner, core })
    }

    /// How many keys nothing is sent for now.
    pub fn resting(&self) -> usize {
        lock(&self.core).resting(self.world.now())
    }

    fn key_of(&self, request: &Q) -> u64 {
        self.key.as_ref().map_or(ALL, |key| key(request))
    }

    fn fail(&self, key: u64) {
        lock(&self.core).on_failure(self.world.now(), key);
    }
}

/// A call under way. Dropped by a panic, it has failed.
struct UnderWay<R: Runtime, Q, T, E> {
    layer: Arc<CooldownLayer<R, Q, T, E>>,
    key: u64,
}

impl<R: Runtime, Q, T, E> UnderWay<R, Q, T, E> {
    fn settle(&self, outcome: &Outcome<T, E>) {
        let class = health(&*self.layer.classify, outcome, self.layer.count_local);
        if matches!(class, Class::Failure { .. }) {
            self.layer.fail(self.key);
        }
    }
}

impl<R: Runtime, Q, T, E> Drop for UnderWay<R, Q, T, E> {
    fn drop(&mut self) {
        if panicking() {
            self.layer.fail(self.key);
        }
    }
}

/// The key of all calls that are not told apart.
const ALL: u64 = 0;

impl<R, Q, T, E> Call<Q, T, E> for CooldownLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        let (now, key) = (self.world.now(), self.key_of(&request));
        let admitted = lock(&self.core).on_call(now, key);
        if let Err(rejection) = admitted {
            return refuse(&*self.observe, now, rejection);
        }
        let under_way = UnderWay { layer: self, key };
        let call = Arc::clone(&under_way.layer.inner).call(request);
        Box::pin(async move {
            let outcome = call.await;
            under_way.settle(&outcome);
            outcome
        })
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    /// Where keys are told apart, nobody knows that of the next call.
    fn status(&self, now: Time) -> Status {
        let own = self.key.is_none().then(|| lock(&self.core).until(now, ALL)).flatten();
        match (own, self.inner.status(now)) {
            (Some(own), Status::Rests { until }) => Status::Rests { until: until.max(own) },
            (Some(until), Status::Ready) => Status::Rests { until },
            (None, inner) => inner,
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
