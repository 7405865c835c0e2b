use std::future::Future;

use cascadia_runtime::Runtime;
use hyper::rt::Executor;

/// Runs hyper's tasks in a world, on the node of its handle. HTTP/2 needs one.
#[derive(Clone, Copy, Debug)]
pub struct WorldExecutor<R>(R);

impl<R: Runtime> WorldExecutor<R> {
    /// An executor that spawns in `world`.
    pub fn new(world: R) -> Self {
        Self(world)
    }
}

/// A handle is never pinned.
impl<R> Unpin for WorldExecutor<R> {}

impl<R: Runtime, F: Future<Output = ()> + Send + 'static> Executor<F> for WorldExecutor<R> {
    fn execute(&self, task: F) {
        drop(self.0.spawn(task));
    }
}
