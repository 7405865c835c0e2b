use std::fmt;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream, Time};

use super::{Change, Outlier, OutlierConfig, Sign};
use crate::balance::{BalanceLayer, Picked};
use crate::call::{Attempt, BoxFuture, Call, Class, Classify, Failure, Outcome, Request, health};
use crate::config::assert_checked;
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
        let core = Outlier::new(config, balance.endpoints(), world.now());
        Arc::new(Self {
            world,
            classify,
            observe,
            count_local: config.count_local(),
            balance,
            state: Mutex::new(State { core, stream }),
        })
    }

    /// The endpoints that are ejected.
    pub fn ejected(&self) -> Vec<usize> {
        let state = lock(&self.state);
        let ejected = state.core.ejected().iter().enumerate();
        ejected.filter(|(_, ejected)| **ejected).map(|(endpoint, _)| endpoint).collect()
    }

    fn pick(&self, attempt: &mut Attempt) -> Picked<R, Q, T, E> {
        let now = self.world.now();
        self.event(now, |core, stream| {
            core.on_call(now, stream);
            Arc::clone(&self.balance).pick(core.ejected(), attempt)
        })
    }

    fn judge(&self, endpoint: usize, outcome: &Outcome<T, E>) {
        if let Some(sign) = sign(outcome, health(&*self.classify, outcome, self.count_local)) {
            let now = self.world.now();
            self.event(now, |core, stream| core.on_outcome(now, endpoint, sign, stream));
        }
    }

    /// Applies an event and reports what came of it, after the lock is released.
    fn event<O>(&self, now: Time, event: impl FnOnce(&mut Outlier, &mut Stream) -> O) -> O {
        let (output, mut next, active) = {
            let mut state = lock(&self.state);
            let State { core, stream } = &mut *state;
            (event(core, stream), core.poll_change(), core.active())
        };
        let mut moved = false;
        while let Some(change) = next {
            let signal = match change {
                Change::Ejected { endpoint, reason } => Signal::Ejected { endpoint, reason },
                Change::Restored { endpoint } => Signal::Restored { endpoint },
                Change::Denied { .. } => Signal::Count(Count::EJECTION_DENIED),
            };
            moved |= !matches!(change, Change::Denied { .. });
            self.observe.signal(now, &signal);
            next = lock(&self.state).core.poll_change();
        }
        if moved {
            self.observe.signal(now, &Signal::Level(Level::EJECTED, active as f64));
        }
        output
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
        let share = match self.pick(&mut request.context_mut().attempt) {
            Ok(share) => share,
            Err(balance) => return balance.refuse(),
        };
        let call = share.send(request);
        Box::pin(async move {
            let endpoint = share.index;
            let ejected = || lock(&self.state).core.ejected().to_vec();
            let outcome = share.settle(call.await, ejected);
            self.judge(endpoint, &outcome);
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
