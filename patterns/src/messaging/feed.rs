use std::fmt::Debug;
use std::future::poll_fn;
use std::task::{Context, Poll};

use super::delivery::{Delivery, DeliveryId};
use super::error::BrokerError;
use super::ids::{Generation, Offset, Partition};

/// What a feed tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fed {
    /// A message, to be settled.
    Delivery(Delivery),
    /// These partitions are this one's now, with what it had of them.
    Assigned(Generation, Vec<Partition>),
    /// These are not any more. What of them is not settled will be delivered to others: settling it is
    /// late.
    Revoked(Vec<Partition>),
    /// What lies from one offset up to another is kept no more and will not be delivered.
    Gap(Partition, Offset, Offset),
}

/// The messages of a subscription, as they come.
///
/// One that is dropped leaves its group; what it was delivered and did not settle is delivered again at
/// once, or [when its time is over](super::Abandoned). A feed is asked in a loop: whoever does not ask for longer than
/// [`poll_interval`](super::Subscription::poll_interval) is taken for dead.
pub trait Feed: Debug + Send {
    /// The next that it tells. It ends, with nothing, when it was [drained](Self::drain) and all is settled, and after an
    /// error.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Fed, BrokerError>>>;

    /// Sets how many messages may be delivered and not settled. With 0 the feed pauses, and stays a member of its group.
    fn credit(&mut self, most: u32);

    /// Something was handled and takes no room while it waits to be acknowledged with others. [`credit`](Self::credit) is
    /// raised by as many; a feed that splits it among those who deliver raises the part of who has delivered this.
    fn handled(&mut self, _: &DeliveryId) {}

    /// Is delivered nothing more; what it has can be settled still.
    fn drain(&mut self);
}

impl dyn Feed {
    /// Waits for the next that it tells. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// As for the subscription; [`Closed`](BrokerError::Closed) where the broker is.
    pub async fn next(&mut self) -> Option<Result<Fed, BrokerError>> {
        poll_fn(|context| self.poll_next(context)).await
    }
}
