//! Steps that publish messages.

use std::time::Duration;

use cascadia_patterns::call::{BoxFuture, Failure};

use super::task::Task;
use crate::broker::{Note, Posting, Spot};
use crate::draws::Purpose;
use crate::exchange::{Answer, ServiceError};

impl<'a> Task<'a> {
    /// Publishes a message, and waits for as long as the plan says.
    pub(super) fn publish(
        &self,
        step: u64,
        site: usize,
    ) -> impl Future<Output = Result<(), Failure<ServiceError>>> + Send + use<'a> {
        let host = self.host;
        let published = host.publish(self.exchange, site, self.own_posting(step));
        async move {
            match published.await {
                true => Ok(()),
                false => Err(Failure::Service(host.unconfirmed(site))),
            }
        }
    }

    /// Publishes a request, and waits so long for its reply.
    pub(super) fn ask(&self, step: u64, site: usize, timeout: Duration) -> BoxFuture<Answer> {
        self.host.ask(self.exchange, site, self.own_posting(step), timeout)
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
