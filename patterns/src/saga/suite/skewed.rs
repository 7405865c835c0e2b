use std::time::Duration;

use cascadia_runtime::{Ended, Runtime, Time, Wall};

/// A world whose date is off.
#[derive(Clone, Copy, Debug)]
pub struct Skewed<R> {
    world: R,
    ahead: Duration,
    behind: Duration,
}

impl<R> Skewed<R> {
    /// One whose date is so much ahead, or so much behind.
    pub const fn new(world: R, ahead: Duration, behind: Duration) -> Self {
        Self { world, ahead, behind }
    }
}

impl<R: Runtime> Runtime for Skewed<R> {
    type Sleep = R::Sleep;
    type Task = R::Task;

    fn now(&self) -> Time {
        self.world.now()
    }

    fn wall(&self) -> Wall {
        self.world.wall() + self.ahead - self.behind
    }

    fn sleep_until(&self, at: Time) -> Self::Sleep {
        self.world.sleep_until(at)
    }

    fn deadline(&self, at: Time) -> Self::Sleep {
        self.world.deadline(at)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> Self::Task {
        self.world.spawn(task)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Ended> {
        self.world.blocking(work).await
    }
}
