use std::fmt;
use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::{Ended, Runtime};
use tokio::sync::oneshot;

type Work = Box<dyn FnOnce() + Send>;

/// What a store needs of its world, without the world's type.
pub(crate) struct World {
    blocking: Box<dyn Fn(Work) -> BoxFuture<Result<(), Ended>> + Send + Sync>,
    spawn: Box<dyn Fn(BoxFuture<()>) + Send + Sync>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

impl World {
    pub(crate) fn new<R: Runtime>(world: R) -> Arc<Self> {
        let other = world.clone();
        Arc::new(Self {
            blocking: Box::new(move |work| {
                let world = world.clone();
                Box::pin(async move { world.blocking(work).await })
            }),
            spawn: Box::new(move |task| drop(other.spawn(task))),
        })
    }

    /// Does what blocks; nothing if it did not come to its end.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, mut told) = oneshot::channel();
        // Whoever has left is told nothing.
        let work = move || drop(tell.send(work()));
        (self.blocking)(Box::new(work)).await.ok()?;
        told.try_recv().ok()
    }

    pub(crate) fn spawn(&self, task: BoxFuture<()>) {
        (self.spawn)(task);
    }
}
