use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use cascadia_runtime::{Runtime, Time};
use hyper::rt::{Sleep, Timer};

/// hyper's clock and timeouts, in a world.
///
/// hyper counts in [`Instant`]s, which only the machine's clock can make. So one is read when the
/// timer is made, to stand for the beginning of the world; it cancels out of everything, as only
/// differences are ever looked at. The timeouts are [deadlines](Runtime::deadline): what arrives
/// exactly on time is on time.
#[derive(Clone, Debug)]
pub struct WorldTimer<R> {
    world: R,
    began: Instant,
}

impl<R: Runtime> WorldTimer<R> {
    /// A timer that follows the clock of `world`.
    #[expect(clippy::disallowed_methods, reason = "the origin of an axis, not a time")]
    pub fn new(world: R) -> Self {
        Self { world, began: Instant::now() }
    }

    fn wait(&self, at: Time) -> Pin<Box<dyn Sleep>> {
        Box::pin(Wait(Box::pin(self.world.deadline(at))))
    }
}

impl<R: Runtime> Timer for WorldTimer<R> {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.wait(self.world.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        self.wait(Time::ZERO + deadline.saturating_duration_since(self.began))
    }

    fn now(&self) -> Instant {
        self.began + self.world.now().since(Time::ZERO)
    }
}

/// A wait of any world as one of hyper's.
struct Wait<S>(Pin<Box<S>>);

impl<S: Future<Output = ()>> Future for Wait<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(context)
    }
}

impl<S: Future<Output = ()> + Send + Sync> Sleep for Wait<S> {}
