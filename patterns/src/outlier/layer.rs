use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::panicking;

use cascadia_runtime::{Runtime, Stream, Time};

use super::{Change, Outlier, OutlierConfig, Sign};
use crate::balance::{BalanceLayer, Picked};
use crate::call::{BoxFuture, Call, Class, Classify, Context, Failure, Outcome, Request, health};
use crate::config::assert_checked;
use crate::endpoints::{EndpointKey, EndpointSet, Way};
use crate::env::Env;
use crate::observe::{Count, Level, Observe, Signal};
use crate::sync::{Shown, lock};

/// Keeps outliers out of the choice of a balancer.
pub struct OutlierLayer<R, Q, T, E> {
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    count_local: bool,
    balance: Arc<BalanceLayer<R, Q, T, E>>,
    state: Mutex<State>,
}

impl<R, Q, T, E> fmt::Debug for OutlierLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutlierLayer")
            .field("core", &Shown(&self.state, |state| &state.core))
            .field("balance", &self.balance)
            .finish_non_exhaustive()
    }
}

struct State {
    core: Outlier,
    stream: Stream,
    /// Of the endpoints that the core knows.
    version: u64,
}

impl State {
    /// Lets the core know who is there.
    fn know<W: Way>(&mut self, set: &EndpointSet<W>) {
        if self.version != set.version() {
            self.version = set.version();
            self.core.on_members(set.candidates().iter().map(|candidate| candidate.endpoint));
        }
    }

    /// Tells the endpoints what has come of an event. What another thread is about to report is said
    /// once more, which changes nothing.
    fn tell<W: Way>(&self, set: &mut EndpointSet<W>) {
        for change in self.core.changes() {
            match change {
                Change::Ejected { endpoint, .. } => set.eject(*endpoint),
                Change::Restored { endpoint } => set.restore(*endpoint),
                Change::Denied { .. } | Change::Forgotten { .. } => {}
            }
        }
    }
}

impl<R: Runtime, Q, T, E> OutlierLayer<R, Q, T, E> {
    /// Outlier detection around `balance`, which is no longer to be called by itself.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: OutlierConfig,
        env: Env<R, T, E>,
        balance: Arc<BalanceLayer<R, Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        let Env { world, classify, observe, stream } = env;
        let core = Outlier::new(config, world.now());
        Arc::new(Self {
            world,
            classify,
            observe,
            count_local: config.count_local(),
            balance,
            state: Mutex::new(State { core, stream, version: 0 }),
        })
    }

    /// The endpoints that are ejected.
    pub fn ejected(&self) -> Vec<EndpointKey> {
        lock(&self.state).core.ejected().collect()
    }

    fn pick(&self, context: &mut Context) -> Picked<R, Q, T, E> {
        let now = self.world.now();
        self.event(now, |core, stream| core.on_call(now, stream));
        Arc::clone(&self.balance).pick(context)
    }

    fn judge(&self, endpoint: EndpointKey, outcome: &Outcome<T, E>) {
        if let Some(sign) = sign(outcome, health(&*self.classify, outcome, self.count_local)) {
            let now = self.world.now();
            self.event(now, |core, stream| core.on_outcome(now, endpoint, sign, stream));
        }
    }

    /// Applies an event, of which most change nothing and need not wait for whoever chooses, and
    /// reports what came of it, after the lock is released.
    fn event(&self, now: Time, event: impl FnOnce(&mut Outlier, &mut Stream)) {
        let first = {
            let state = &mut *self.apply(event);
            state.core.poll_change().map(|change| (change, state.core.active()))
        };
        if let Some((change, active)) = first {
            self.report(now, change, active);
        }
    }

    /// Applies an event, of which the endpoints learn at once and others with the next.
    fn apply(&self, event: impl FnOnce(&mut Outlier, &mut Stream)) -> MutexGuard<'_, State> {
        let mut guard = lock(&self.state);
        let state = &mut *guard;
        if state.version != self.balance.version() {
            self.balance.with(|set| state.know(set));
        }
        event(&mut state.core, &mut state.stream);
        if state.core.changes().next().is_some() {
            self.balance.with(|set| state.tell(set));
        }
        guard
    }

    #[cold]
    fn report(&self, now: Time, first: Change, active: usize) {
        let mut next = Some(first);
        let mut moved = false;
        while let Some(change) = next {
            let signal = match change {
                Change::Ejected { endpoint, reason } => Some(Signal::Ejected { endpoint, reason }),
                Change::Restored { endpoint } => Some(Signal::Restored { endpoint }),
                Change::Forgotten { .. } => None,
                Change::Denied { .. } => Some(Signal::Count(Count::EJECTION_DENIED)),
            };
            moved |= !matches!(change, Change::Denied { .. });
            signal.iter().for_each(|signal| self.observe.signal(now, signal));
            next = lock(&self.state).core.poll_change();
        }
        if moved {
            self.observe.signal(now, &Signal::Level(Level::EJECTED, active as f64));
        }
    }
}

/// A call at an endpoint. Dropped by a panic, it has failed.
struct Judged<R: Runtime, Q, T, E> {
    layer: Arc<OutlierLayer<R, Q, T, E>>,
    endpoint: EndpointKey,
}

impl<R: Runtime, Q, T, E> Drop for Judged<R, Q, T, E> {
    fn drop(&mut self) {
        if panicking() {
            let (now, endpoint) = (self.layer.world.now(), self.endpoint);
            drop(self.layer.apply(|core, stream| {
                core.on_outcome(now, endpoint, Sign::Error, stream);
            }));
        }
    }
}

/// What an outcome says of the endpoint, if it says anything.
fn sign<T, E>(outcome: &Outcome<T, E>, class: Class) -> Option<Sign> {
    match (class, outcome) {
        (Class::Ignore, _) => None,
        (Class::Success, _) => Some(Sign::Success),
        (_, Err(Failure::TimedOut(_))) => Some(Sign::NoAnswer),
        (Class::Failure { overload: true, .. }, _) => Some(Sign::GatewayError),
        (Class::Failure { .. }, _) => Some(Sign::Error),
    }
}

impl<R, Q, T, E> Call<Q, T, E> for OutlierLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, mut request: Q) -> BoxFuture<Outcome<T, E>> {
        let (way, share) = match self.pick(request.context_mut()) {
            Ok(picked) => picked,
            Err(balance) => return balance.refuse(),
        };
        let judged = Judged { layer: self, endpoint: share.endpoint() };
        let call = way.call(request);
        Box::pin(async move {
            let outcome = share.settle(call.await);
            judged.layer.judge(judged.endpoint, &outcome);
            outcome
        })
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.balance)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
