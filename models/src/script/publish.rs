//! Steps that publish messages.

use std::time::Duration;

use cascadia_patterns::call::Failure;

use super::task::Task;
use crate::broker::{Note, Posting, Spot};
use crate::draws::Purpose;
use crate::exchange::{Answer, ServiceError};

impl Task<'_> {
    /// Publishes a message, and waits for as long as the plan says.
    pub(super) async fn publish(
        &self,
        step: u64,
        site: usize,
    ) -> Result<(), Failure<ServiceError>> {
        match self.host.publish(self.exchange, site, self.own_posting(step)).await {
            true => Ok(()),
            false => Err(Failure::Service(self.host.unconfirmed(site))),
        }
    }

    /// Publishes a request, and waits so long for its reply.
    pub(super) async fn ask(&self, step: u64, site: usize, timeout: Duration) -> Answer {
        self.host.ask(self.exchange, site, self.own_posting(step), timeout).await
    }

    fn own_posting(&self, step: u64) -> Posting {
        self.posting(step, Purpose::Call(step), self.again_key(Purpose::Call(step)))
    }

    /// A message of a step, which is drawn for a purpose, and has something that is the same whenever
    /// its request is tried again.
    pub(super) fn posting(&self, step: u64, purpose: Purpose, again: u64) -> Posting {
        let request = &self.exchange.request;
        let baggage = &request.context.baggage;
        let note = Note {
            spot: Spot::default(),
            key: self.key(purpose),
            origin: request.origin,
            trace: self.trace(step),
            priority: baggage.priority,
            depth: baggage.depth.saturating_add(1),
        };
        Posting { note, subject: request.subject(), request: again }
    }
}
