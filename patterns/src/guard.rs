//! What breakers, limits and throttles have in common: they let a call in or refuse it, and learn
//! from how it ends.
//!
//! A [`Guard`] is the core of such a policy, and a [`GuardLayer`] is all that it needs to be a layer.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::thread::panicking;

use cascadia_runtime::{Runtime, Stream, Time};

use crate::call::{
    BoxFuture, Call, Class, Classify, Failure, Outcome, Rejection, Request, Status, health,
};
use crate::env::{Env, refuse};
use crate::observe::{Observe, Signal};
use crate::sync::{Shown, lock};

/// A core that lets calls in or refuses them, and is told how they end.
pub trait Guard: fmt::Debug + Send {
    /// What its layer is called where it is shown.
    const LAYER: &'static str;

    /// Held while a call is under way.
    type Permit: Send;

    /// A call comes.
    ///
    /// # Errors
    ///
    /// The refusal.
    fn admit(&mut self, now: Time, stream: &mut Stream) -> Result<Self::Permit, Rejection>;

    /// A call ended in a way that says something of the server.
    fn settle(&mut self, now: Time, permit: Self::Permit, ended: Ended, stream: &mut Stream);

    /// A call was dropped, or ended in a way that says nothing.
    fn abandon(&mut self, now: Time, permit: Self::Permit);

    /// The next thing to tell of what the last event did, each once.
    fn poll_signal(&mut self) -> Option<Signal<'static>>;

    /// What becomes of a call that comes now, as its balancer wants to know.
    fn status(&mut self, _now: Time, _stream: &mut Stream) -> Status {
        Status::Ready
    }
}

/// What the end of a call says of the server.
pub type Ended = Result<(), Failed>;

/// What a failure says of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    /// It has too much to do.
    pub overload: bool,
    /// It did not answer in time.
    pub timed_out: bool,
}

/// What a panic says of the server.
const PANICKED: Failed = Failed { overload: false, timed_out: false };

/// Lets calls in or refuses them as its guard says.
pub struct GuardLayer<G, R, Q, T, E> {
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    count_local: bool,
    inner: Arc<dyn Call<Q, T, E>>,
    state: Mutex<State<G>>,
}

struct State<G> {
    core: G,
    stream: Stream,
}

impl<G: Guard, R, Q, T, E> fmt::Debug for GuardLayer<G, R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(G::LAYER)
            .field("core", &Shown(&self.state, |state| &state.core))
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<G: Guard, R: Runtime, Q, T, E> GuardLayer<G, R, Q, T, E> {
    /// A guard before `inner`. Failures that tell of the caller alone it learns of only where it is
    /// to `count_local` ones.
    pub fn around(
        core: G,
        count_local: bool,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        let Env { world, classify, observe, stream } = env;
        let state = Mutex::new(State { core, stream });
        Arc::new(Self { world, classify, observe, count_local, inner, state })
    }

    /// Does something with the guard, now.
    pub fn with<O>(&self, work: impl FnOnce(&mut G, Time) -> O) -> O {
        let now = self.world.now();
        self.event(now, |core, _| work(core, now))
    }

    /// Applies an event and tells of what came of it.
    fn event<O>(&self, now: Time, event: impl FnOnce(&mut G, &mut Stream) -> O) -> O {
        let (output, first) = self.apply(event);
        self.tell(now, first);
        output
    }

    /// Applies an event. Returns the first thing to tell of it.
    fn apply<O>(
        &self,
        event: impl FnOnce(&mut G, &mut Stream) -> O,
    ) -> (O, Option<Signal<'static>>) {
        let State { core, stream } = &mut *lock(&self.state);
        (event(core, stream), core.poll_signal())
    }

    /// Tells of what came of an event, while the lock is free.
    fn tell(&self, now: Time, first: Option<Signal<'static>>) {
        let mut next = first;
        while let Some(signal) = next {
            self.observe.signal(now, &signal);
            next = lock(&self.state).core.poll_signal();
        }
    }

    /// How a call ended, if that says anything of the server.
    fn ended(&self, outcome: &Outcome<T, E>) -> Option<Ended> {
        match health(&*self.classify, outcome, self.count_local) {
            Class::Ignore => None,
            Class::Success => Some(Ok(())),
            Class::Failure { overload, .. } => {
                let timed_out = matches!(outcome, Err(Failure::TimedOut(_)));
                Some(Err(Failed { overload, timed_out }))
            }
        }
    }
}

impl<G, R, Q, T, E> Call<Q, T, E> for GuardLayer<G, R, Q, T, E>
where
    G: Guard + 'static,
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        let now = self.world.now();
        let (admitted, first) = self.apply(|core, stream| core.admit(now, stream));
        let permit = match admitted {
            Ok(permit) => permit,
            Err(rejection) => {
                self.tell(now, first);
                return refuse(&*self.observe, now, rejection);
            }
        };
        // From here on the permit comes back, whoever panics.
        let pass = Pass { layer: self, permit: Some(permit) };
        pass.layer.tell(now, first);
        let call = Arc::clone(&pass.layer.inner).call(request);
        Box::pin(async move {
            let outcome = call.await;
            pass.settle(&outcome);
            outcome
        })
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn status(&self, now: Time) -> Status {
        match self.event(now, |core, stream| core.status(now, stream)) {
            Status::Ready => self.inner.status(now),
            rests @ Status::Rests { .. } => rests,
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A permit on its way; dropped, it is abandoned, and dropped by a panic, the call has failed.
struct Pass<G: Guard, R: Runtime, Q, T, E> {
    layer: Arc<GuardLayer<G, R, Q, T, E>>,
    permit: Option<G::Permit>,
}

impl<G: Guard, R: Runtime, Q, T, E> Pass<G, R, Q, T, E> {
    fn settle(mut self, outcome: &Outcome<T, E>) {
        let Some(ended) = self.layer.ended(outcome) else { return };
        let Some(permit) = self.permit.take() else { return };
        let now = self.layer.world.now();
        self.layer.event(now, |core, stream| core.settle(now, permit, ended, stream));
    }
}

impl<G: Guard, R: Runtime, Q, T, E> Drop for Pass<G, R, Q, T, E> {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else { return };
        if panicking() {
            // It is told with the next event: who is told may be who panics.
            let now = self.layer.world.now();
            let State { core, stream } = &mut *lock(&self.layer.state);
            return core.settle(now, permit, Err(PANICKED), stream);
        }
        self.layer.with(|core, now| core.abandon(now, permit));
    }
}
