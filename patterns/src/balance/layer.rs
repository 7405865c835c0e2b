use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream, Time};

use super::{BalanceConfig, Chooser, Wish};
use crate::call::{
    BoxFuture, Call, Context, Failure, Layer, Outcome, Reason, Rejection, Request, Sense, Status,
    Tried,
};
use crate::config::assert_checked;
use crate::endpoints::{Booking, Endpoint, EndpointKey, EndpointSet, SetChange};
use crate::env::{Env, refuse};
use crate::observe::Observe;
use crate::sync::{Shown, lock};

/// Sends each call to one of several endpoints.
pub struct BalanceLayer<R, Q, T, E> {
    world: R,
    observe: Arc<dyn Observe>,
    /// Of the endpoints, to be read without the lock.
    version: AtomicU64,
    state: Mutex<State<Q, T, E>>,
}

impl<R, Q, T, E> fmt::Debug for BalanceLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BalanceLayer")
            .field("chooser", &Shown(&self.state, |state| &state.chooser))
            .field("endpoints", &Shown(&self.state, |state| &state.set))
            .finish_non_exhaustive()
    }
}

/// How an endpoint is reached.
type Route<Q, T, E> = Arc<dyn Call<Q, T, E>>;

/// The endpoints of a balancer.
type Endpoints<Q, T, E> = EndpointSet<Route<Q, T, E>>;

struct State<Q, T, E> {
    chooser: Chooser,
    set: Endpoints<Q, T, E>,
    stream: Stream,
}

impl<R: Runtime, Q, T, E> BalanceLayer<R, Q, T, E> {
    /// A balancer over `endpoints`, which have the keys 0, 1, 2 and so on. Others join and leave by
    /// [`change`](Self::change).
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
        let mut set = EndpointSet::default();
        for (number, way) in (0..).zip(endpoints) {
            set.change(SetChange::Join { endpoint: Endpoint::new(EndpointKey::new(number)), way });
        }
        let chooser = Chooser::new(config.kind.build());
        let version = AtomicU64::new(set.version());
        let state = Mutex::new(State { chooser, set, stream: env.stream });
        Arc::new(Self { world: env.world, observe: env.observe, version, state })
    }

    /// An endpoint comes, goes or changes, whatever is under way. Returns whether that makes any
    /// difference, as in [`EndpointSet::change`].
    pub fn change(&self, change: SetChange<Arc<dyn Call<Q, T, E>>>) -> bool {
        self.with(|set| {
            let changed = set.change(change);
            self.version.store(set.version(), Ordering::Release);
            changed
        })
    }

    /// Changes with each change of who may be chosen.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The calls each endpoint has under way, in the order of their keys; at the end those of
    /// endpoints that get no more of them.
    pub fn outstanding(&self) -> Vec<u32> {
        self.with(|set| set.all_outstanding().collect())
    }

    /// Does something with the endpoints.
    pub(crate) fn with<O>(&self, work: impl FnOnce(&mut Endpoints<Q, T, E>) -> O) -> O {
        work(&mut lock(&self.state).set)
    }

    /// Chooses an endpoint for a call. Where there is none at all, the layer comes back.
    pub(crate) fn pick(self: Arc<Self>, context: &mut Context) -> Picked<R, Q, T, E> {
        let now = self.world.now();
        let Context { baggage, attempt } = context;
        let (apart, tried) = (attempt.apart.take(), attempt.tried.take());
        let copy = attempt.copy;
        let wish = Wish { now, key: baggage.key.as_deref(), tried: tried.as_ref() };
        let mut state = lock(&self.state);
        let State { chooser, set, stream } = &mut *state;
        let booking = match &apart {
            Some(apart) if apart.has_others(copy) => {
                chooser.on_copy(set, wish, |endpoint| apart.is_taken(copy, endpoint), stream)
            }
            _ => chooser.on_call(set, wish, stream),
        };
        let Some(booking) = booking else {
            drop(state);
            return Err(self);
        };
        let way = Arc::clone(set.booked(booking));
        drop(state);
        if let Some(apart) = apart {
            apart.goes_to(copy, booking.endpoint());
        }
        if let Some(tried) = &tried {
            tried.goes_to(booking.endpoint());
        }
        Ok((way, InFlight { layer: self, booking, tried }))
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
        let (way, share) = match self.pick(request.context_mut()) {
            Ok(picked) => picked,
            Err(layer) => return layer.refuse(),
        };
        let call = way.call(request);
        Box::pin(async move { share.settle(call.await) })
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        None
    }

    /// It is ready where one endpoint is.
    fn status(&self, now: Time) -> Status {
        lock(&self.state).set.any_status(now)
    }

    /// However many endpoints there are now, others may join.
    fn chooses(&self) -> bool {
        true
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// How a call gets to its endpoint and what it takes up there, or the balancer that has no place
/// for it.
pub(crate) type Picked<R, Q, T, E> =
    Result<(Route<Q, T, E>, InFlight<R, Q, T, E>), Arc<BalanceLayer<R, Q, T, E>>>;

/// A call under way at an endpoint.
pub(crate) struct InFlight<R: Runtime, Q, T, E> {
    layer: Arc<BalanceLayer<R, Q, T, E>>,
    booking: Booking,
    /// Where its call has been tried, this try included.
    tried: Option<Tried>,
}

impl<R: Runtime, Q, T, E> InFlight<R, Q, T, E> {
    /// Where it goes.
    pub(crate) fn endpoint(&self) -> EndpointKey {
        self.booking.endpoint()
    }

    /// The call ended.
    pub(crate) fn settle(&self, mut outcome: Outcome<T, E>) -> Outcome<T, E> {
        if let Err(Failure::Rejected(rejection)) = &mut outcome {
            self.refused(rejection);
        }
        outcome
    }

    /// Whoever tries again can be sent to another endpoint at once if there is one, and then need
    /// not wait for this one.
    #[cold]
    fn refused(&self, rejection: &mut Rejection) {
        if rejection.safe_to_retry
            && let Some(wait) = rejection.retry_after
            && self.is_needless(wait, rejection.reason)
        {
            rejection.retry_after = None;
        }
    }

    /// Whether the wait that a refusal asks for is one for this endpoint alone, which then rests.
    fn is_needless(&self, wait: Duration, reason: Reason) -> bool {
        let (now, endpoint) = (self.layer.world.now(), self.endpoint());
        let wish = Wish { now, key: None, tried: self.tried.as_ref() };
        self.layer.with(|set| {
            if reason.sense() == (Sense::ShortCircuit { rests: true }) {
                set.rest(endpoint, now + wait);
            }
            set.has_another(endpoint, now, |other| wish.is_untried(other))
        })
    }
}

impl<R: Runtime, Q, T, E> Drop for InFlight<R, Q, T, E> {
    fn drop(&mut self) {
        self.layer.with(|set| set.on_ended(self.booking));
    }
}
