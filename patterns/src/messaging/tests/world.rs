use cascadia_runtime::{Ended, Runtime, Time, Wall};

use crate::testing::TestWorld;

/// The time of tests, and a date that goes with it. It begins a day after the epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dated(TestWorld);

impl Dated {
    pub(crate) fn new() -> Self {
        Self(TestWorld::new())
    }
}

impl Runtime for Dated {
    type Sleep = <TestWorld as Runtime>::Sleep;
    type Task = <TestWorld as Runtime>::Task;

    fn now(&self) -> Time {
        self.0.now()
    }

    fn wall(&self) -> Wall {
        Wall::from_nanos(86_400_000_000_000 + self.now().as_nanos())
    }

    fn sleep_until(&self, at: Time) -> Self::Sleep {
        self.0.sleep_until(at)
    }

    fn deadline(&self, at: Time) -> Self::Sleep {
        self.0.deadline(at)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> Self::Task {
        self.0.spawn(task)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Ended> {
        self.0.blocking(work).await
    }
}
