use std::task::{Context, Poll};

use cascadia_runtime::Time;

use crate::call::BoxFuture;
use crate::future_set::{FutureSet, Key};
use crate::in_order::InOrder;
use crate::messaging::{BrokerError, ProducerIdentity, Receipt};

/// What a broker was asked for and has not answered.
#[derive(Default)]
pub(super) struct Flights {
    /// The batches, each with its number and until when it is waited for.
    batches: FutureSet<(Time, u64), BoxFuture<Result<Receipt, BrokerError>>>,
    until: InOrder<(Time, u64), Key>,
    identities: FutureSet<(), BoxFuture<Result<ProducerIdentity, BrokerError>>>,
}

/// An answer.
pub(super) enum Landed {
    /// What came of a batch.
    Published(u64, Result<Receipt, BrokerError>),
    Identified(Result<ProducerIdentity, BrokerError>),
}

impl Flights {
    /// A batch is under way, and waited for until then.
    pub(super) fn publish(
        &mut self,
        flight: u64,
        until: Time,
        answer: BoxFuture<Result<Receipt, BrokerError>>,
    ) {
        let about = (until, flight);
        self.until.insert(about, self.batches.insert(about, answer));
    }

    /// An identity is asked for.
    pub(super) fn identify(&mut self, answer: BoxFuture<Result<ProducerIdentity, BrokerError>>) {
        self.identities.insert((), answer);
    }

    /// The next answer.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Landed> {
        if let Poll::Ready((about, answer)) = self.batches.poll_next(context) {
            self.until.remove(about);
            return Poll::Ready(Landed::Published(about.1, answer));
        }
        self.identities.poll_next(context).map(|((), answer)| Landed::Identified(answer))
    }

    /// The next batch for which nobody waits any more.
    pub(super) fn overdue(&mut self, now: Time) -> Option<u64> {
        if self.next_deadline() > now {
            return None;
        }
        let (_, key) = self.until.pop_first()?;
        self.batches.remove(key).map(|(_, flight)| flight)
    }

    /// When there will be one.
    pub(super) fn next_deadline(&self) -> Time {
        self.until.first().map_or(Time::MAX, |((until, _), _)| until)
    }
}
