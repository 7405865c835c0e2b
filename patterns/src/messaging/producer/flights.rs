use std::task::{Context, Poll};

use cascadia_runtime::Time;

use crate::awaited::Awaited;
use crate::call::BoxFuture;
use crate::future_set::FutureSet;
use crate::messaging::{BrokerError, ProducerIdentity, Receipt};

/// What a broker was asked for and has not answered.
#[derive(Default)]
pub(super) struct Flights {
    /// The batches, by their numbers.
    batches: Awaited<u64, Result<Receipt, BrokerError>>,
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
        self.batches.ask(until, flight, answer);
    }

    /// An identity is asked for.
    pub(super) fn identify(&mut self, answer: BoxFuture<Result<ProducerIdentity, BrokerError>>) {
        self.identities.insert((), answer);
    }

    /// The next answer.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Landed> {
        if let Poll::Ready((flight, answer)) = self.batches.poll(context) {
            return Poll::Ready(Landed::Published(flight, answer));
        }
        self.identities.poll_next(context).map(|((), answer)| Landed::Identified(answer))
    }

    /// The next batch for which nobody waits any more.
    pub(super) fn overdue(&mut self, now: Time) -> Option<u64> {
        self.batches.overdue(now)
    }

    /// When there will be one.
    pub(super) fn next_deadline(&self) -> Time {
        self.batches.next_deadline()
    }
}
