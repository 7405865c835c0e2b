//! Steps that publish messages.

use cascadia_patterns::call::{Failure, Kind};

use super::task::Task;
use crate::broker::{Note, Posting, Spot};
use crate::draws::Purpose;
use crate::exchange::ServiceError;

impl Task<'_> {
    /// Publishes a message, and waits for as long as the plan says.
    pub(super) async fn publish(
        &self,
        step: u64,
        site: usize,
    ) -> Result<(), Failure<ServiceError>> {
        let request = &self.exchange.request;
        let baggage = &request.context.baggage;
        let note = Note {
            spot: Spot::default(),
            key: self.key(Purpose::Call(step)),
            origin: request.origin,
            trace: self.trace(step),
            priority: baggage.priority,
            depth: baggage.depth.saturating_add(1),
        };
        let posting = Posting { note, subject: request.subject() };
        match self.host.publish(site, posting).await {
            true => Ok(()),
            false => Err(Failure::Service(ServiceError::new(Kind::Unavailable))),
        }
    }
}
