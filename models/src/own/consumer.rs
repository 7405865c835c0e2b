use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::Delivery;
use cascadia_patterns::messaging::consumer::Fault;

type Does<O> = dyn Fn() -> BoxFuture<O> + Send + Sync;
type Handle =
    dyn Fn(Handed) -> BoxFuture<Result<(), Fault>> + Send + Sync + UnwindSafe + RefUnwindSafe;

/// A consumer of somebody's own.
#[derive(Clone)]
pub struct Own(Arc<Handle>);

/// A message that a consumer of somebody's own is to do.
pub struct Handed {
    /// The message, as a broker delivers it. Its body says nothing.
    pub delivery: Delivery,
    /// What it is about: the key that its load drew.
    pub about: u32,
    pub(crate) work: Box<Does<Result<(), Fault>>>,
    pub(crate) rest: Box<dyn Fn(Duration) -> BoxFuture<()> + Send + Sync>,
}

impl Own {
    /// One that does this. The outcome is what the consumer in production goes by: done, once more, later, or never.
    pub fn new<W>(
        handle: impl Fn(Handed) -> W + Send + Sync + UnwindSafe + RefUnwindSafe + 'static,
    ) -> Self
    where
        W: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        Self(Arc::new(move |handed| Box::pin(handle(handed))))
    }

    pub(crate) fn handle(&self, handed: Handed) -> BoxFuture<Result<(), Fault>> {
        (self.0)(handed)
    }
}

impl Handed {
    /// Does the steps of the file once.
    ///
    /// # Errors
    ///
    /// [`Fault::Again`], with the kind of the failure, where one of them fails.
    pub async fn work(&self) -> Result<(), Fault> {
        (self.work)().await
    }

    /// Waits, in the time of the simulation.
    pub async fn rest(&self, duration: Duration) {
        (self.rest)(duration).await;
    }
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Own")
    }
}

impl fmt::Debug for Handed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handed").field("about", &self.about).finish_non_exhaustive()
    }
}
