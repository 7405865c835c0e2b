use std::time::Duration;

use cascadia_runtime::{Ended, Runtime, Time, Wall};

use crate::messaging::tests::Dated;

/// A world whose date is off.
#[derive(Clone, Copy, Debug)]
pub(in crate::saga::tests) struct Skewed {
    world: Dated,
    ahead: Duration,
    behind: Duration,
}

impl Skewed {
    pub(in crate::saga::tests) fn new(world: Dated, ahead: Duration, behind: Duration) -> Self {
        Self { world, ahead, behind }
    }
}

impl Runtime for Skewed {
    type Sleep = <Dated as Runtime>::Sleep;
    type Task = <Dated as Runtime>::Task;

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
