use cascadia_runtime::{Ended, Runtime, Time, Wall};

/// A world whose date goes with its time, however that jumps. It begins a day after the epoch.
#[derive(Clone, Copy, Debug)]
pub struct Dated<R>(R);

impl<R: Runtime> Dated<R> {
    /// With the time of this world.
    pub const fn by(world: R) -> Self {
        Self(world)
    }
}

impl<R: Runtime> Runtime for Dated<R> {
    type Sleep = R::Sleep;
    type Task = R::Task;

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
