mod net;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use crate::{Ended, Runtime, Task, Time};

/// The production world: tokio's clock, timers, tasks and sockets.
///
/// Its time begins when the handle is made, so whoever hands instants to each other, as the layers
/// of a stack do with deadlines, needs copies of one handle. tokio rounds timers up to the next
/// millisecond. The runtime has to be built with `enable_time`, and with `enable_io` for its
/// network.
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
    began: tokio::time::Instant,
}

impl TokioWorld {
    /// A world that begins now.
    pub fn new() -> Self {
        Self { began: tokio::time::Instant::now() }
    }

    fn instant(&self, at: Time) -> tokio::time::Instant {
        const FAR: Duration = Duration::from_secs(86_400 * 365 * 30);
        let offset = Duration::from_nanos(at.as_nanos()).min(FAR);
        self.began + offset
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
        Time::ZERO + self.began.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the world that has a wall clock")]
    fn wall(&self) -> SystemTime {
        SystemTime::now()
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
        Pin::new(&mut self.0).poll(context).map(|result| {
            result.map_err(|error| if error.is_panic() { Ended::Panicked } else { Ended::Aborted })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn time_follows_the_clock_of_tokio() {
        let world = TokioWorld::new();
        world.sleep(Duration::from_secs(3)).await;
        assert_eq!(world.now(), Time::from_nanos(3_000_000_000));
        world.deadline(Time::ZERO).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_reports_how_it_ended() {
        let world = TokioWorld::new();
        assert_eq!(world.spawn(async {}).await, Ok(()));
        let hung = world.spawn(std::future::pending());
        hung.abort();
        assert_eq!(hung.await, Err(Ended::Aborted));
        assert_eq!(world.spawn(async { panic!("planted") }).await, Err(Ended::Panicked));
    }
}
