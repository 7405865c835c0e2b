use super::fault::Fault;
use crate::call::BoxFuture;
use crate::messaging::{Delivery, Generation, Offset, Partition};

/// What is done with messages. A function of a delivery is one.
pub trait Handler: Send + Sync + 'static {
    /// Does what a message asks for. It may come again whatever became of it, and with
    /// [`Before`](super::AckWhen::Before) it comes at most once.
    fn handle(&self, delivery: Delivery) -> BoxFuture<Result<(), Fault>>;

    /// These partitions are this one's now.
    fn assigned(&self, _generation: Generation, _partitions: &[Partition]) {}

    /// These are not any more. What it has of them under way will be done by somebody else, too.
    fn revoked(&self, _partitions: &[Partition]) {}

    /// What lies between two offsets was kept no more, and is lost to it.
    fn skipped(&self, _partition: &Partition, _from: Offset, _to: Offset) {}
}

impl<F, W> Handler for F
where
    F: Fn(Delivery) -> W + Send + Sync + 'static,
    W: Future<Output = Result<(), Fault>> + Send + 'static,
{
    fn handle(&self, delivery: Delivery) -> BoxFuture<Result<(), Fault>> {
        Box::pin(self(delivery))
    }
}
