use std::fmt;
use std::io;
use std::time::Duration;

use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::{Runtime, Task};
use tokio::io::{AsyncRead, AsyncWrite};

/// A byte stream of any type.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Duplex for S {}

pub(crate) type Dialled = io::Result<Box<dyn Duplex>>;

/// What a store needs of its world, without the world's type.
pub(crate) struct World {
    dial: Box<dyn Fn() -> BoxFuture<Dialled> + Send + Sync>,
    sleep: Box<dyn Fn(Duration) -> BoxFuture<()> + Send + Sync>,
    spawn: Box<dyn Fn(BoxFuture<()>) -> Running + Send + Sync>,
}

/// A task that ends when this is dropped.
pub(crate) struct Running(Box<dyn Fn() + Send + Sync>);

impl Drop for Running {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

impl World {
    pub(crate) fn new<R: Runtime>(
        world: R,
        dial: impl Fn() -> BoxFuture<Dialled> + Send + Sync + 'static,
    ) -> Self
    where
        R::Task: Send + Sync + 'static,
    {
        let clock = world.clone();
        Self {
            dial: Box::new(dial),
            sleep: Box::new(move |time| Box::pin(clock.sleep(time))),
            spawn: Box::new(move |task| {
                let task = world.spawn(task);
                Running(Box::new(move || task.abort()))
            }),
        }
    }

    pub(crate) fn dial(&self) -> BoxFuture<Dialled> {
        (self.dial)()
    }

    pub(crate) fn sleep(&self, time: Duration) -> BoxFuture<()> {
        (self.sleep)(time)
    }

    pub(crate) fn spawn(&self, task: BoxFuture<()>) -> Running {
        (self.spawn)(task)
    }
}
