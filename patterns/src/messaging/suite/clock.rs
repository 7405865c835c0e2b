use std::fmt;
use std::time::Duration;

use cascadia_runtime::{Runtime, Wall};

use crate::call::BoxFuture;

/// The time of a stage: that of its broker.
pub(super) struct Clock {
    sleep: Box<dyn Fn(Duration) -> BoxFuture<()> + Send + Sync>,
    wall: Box<dyn Fn() -> Wall + Send + Sync>,
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock").field("wall", &self.wall()).finish()
    }
}

impl Clock {
    pub(super) fn of(world: impl Runtime) -> Self {
        let own = world.clone();
        let sleep = move |time| Box::pin(own.sleep(time)) as _;
        Self { sleep: Box::new(sleep), wall: Box::new(move || world.wall()) }
    }

    pub(super) fn sleep(&self, time: Duration) -> BoxFuture<()> {
        (self.sleep)(time)
    }

    pub(super) fn wall(&self) -> Wall {
        (self.wall)()
    }
}
