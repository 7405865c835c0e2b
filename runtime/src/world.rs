use std::error::Error;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use crate::{Time, Wall};

/// What real code needs from the world it runs in.
///
/// A handle is cheap to clone and may be sent between threads. Everything timed is exact in the
/// simulated world; in a real one times are lower bounds.
pub trait Runtime: Clone + Send + Sync + 'static {
    /// A wait that ends at an instant. Dropping it cancels it.
    type Sleep: Future<Output = ()> + Send + Sync + 'static;
    /// A task running beside its spawner.
    type Task: Task;

    /// The current time. It never goes back.
    fn now(&self) -> Time;

    /// The node's wall clock, which may be off, step and run at another pace. It is for what
    /// outlives a process; what one process decides alone goes by [`now`](Self::now).
    fn wall(&self) -> Wall;

    /// Waits until `at`; ready at once when `at` has passed.
    fn sleep_until(&self, at: Time) -> Self::Sleep;

    /// Like [`sleep_until`](Self::sleep_until), but after everything else that happens at `at`:
    /// what arrives exactly on time is on time.
    fn deadline(&self, at: Time) -> Self::Sleep;

    /// Runs `task` beside the caller, on the caller's node.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> Self::Task;

    /// Does work that blocks, such as reading a [`Disk`](crate::Disk), where it holds up no task.
    /// It begins at the first poll. A real world does it to its end, once begun, whether or not
    /// anybody still waits; a simulated one does it in one instant, answers when it would have
    /// been done, and undoes what a machine that dies before that had no time for.
    ///
    /// # Errors
    ///
    /// As for a task that did not run to its end.
    fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, Ended>> + Send;

    /// Waits for `duration`.
    fn sleep(&self, duration: Duration) -> Self::Sleep {
        self.sleep_until(self.now() + duration)
    }
}

/// A spawned task: a future of how it ended. Dropping the handle detaches the task.
pub trait Task: Future<Output = Result<(), Ended>> + Send {
    /// Drops the task where it stands. A task that has ended is not affected.
    fn abort(&self);
}

/// Why a task did not run to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was aborted through its handle.
    Aborted,
    /// The node it ran on was killed. A real world never reports this.
    Killed,
    /// It panicked. The simulated world fails the whole run instead of reporting this.
    Panicked,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aborted => "the task was aborted",
            Self::Killed => "the node of the task was killed",
            Self::Panicked => "the task panicked",
        })
    }
}

impl Error for Ended {}
