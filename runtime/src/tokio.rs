mod net;

use std::future::Future;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::{Ended, Runtime, Task, Time, Wall};

/// The production world: tokio's clock, timers, tasks and sockets.
///
/// All handles of a process read one clock, whenever and wherever they are made, so a deadline that
/// one layer sets means the same to every other. tokio rounds timers up to the next millisecond.
/// The runtime has to be built with `enable_time`, and with `enable_io` for its network.
///
/// ```
/// use std::time::Duration;
/// use cascadia_runtime::{Runtime, TokioWorld};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let world = TokioWorld::new();
/// let before = world.now();
/// world.sleep(Duration::from_millis(2)).await;
/// assert!(world.now().since(before) >= Duration::from_millis(2));
/// # });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TokioWorld {
    zero: Instant,
}

/// The zero of time: a day before the process made its first handle, as a clock that was paused
/// before that shows earlier instants. Where a platform knows no instant so early, that moment.
///
/// The instants of tokio are those of `std` as long as nobody pauses a clock, and a clock that is
/// paused goes on from one of them.
#[expect(clippy::disallowed_methods, reason = "this is the world that has a clock")]
static ZERO: LazyLock<Instant> = LazyLock::new(|| {
    let now = std::time::Instant::now();
    now.checked_sub(Duration::from_secs(86_400)).unwrap_or(now).into()
});

impl TokioWorld {
    /// The world of this process.
    pub fn new() -> Self {
        Self { zero: *ZERO }
    }

    fn instant(&self, at: Time) -> Instant {
        const FAR: Duration = Duration::from_secs(86_400 * 365 * 30);
        self.zero + at.since(Time::ZERO).min(FAR)
    }
}

impl Default for TokioWorld {
    fn default() -> Self {
        Self::new()
    }
}

impl Runtime for TokioWorld {
    type Sleep = tokio::time::Sleep;
    type Task = TokioTask;

    fn now(&self) -> Time {
        Time::ZERO + self.zero.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the world that has a wall clock")]
    fn wall(&self) -> Wall {
        SystemTime::now().into()
    }

    fn sleep_until(&self, at: Time) -> Self::Sleep {
        tokio::time::sleep_until(self.instant(at))
    }

    fn deadline(&self, at: Time) -> Self::Sleep {
        self.sleep_until(at)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> Self::Task {
        TokioTask(tokio::spawn(task))
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Ended> {
        tokio::task::spawn_blocking(work).await.map_err(ended)
    }
}

fn ended(error: tokio::task::JoinError) -> Ended {
    if error.is_panic() { Ended::Panicked } else { Ended::Aborted }
}

/// A task on tokio.
#[derive(Debug)]
pub struct TokioTask(tokio::task::JoinHandle<()>);

impl Task for TokioTask {
    fn abort(&self) {
        self.0.abort();
    }
}

impl Future for TokioTask {
    type Output = Result<(), Ended>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|result| result.map_err(ended))
    }
}

#[cfg(test)]
mod tests;
