use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Time;

use super::answer::{Answer, Told};
use super::state::State;
use crate::messaging::batch::Batch;
use crate::messaging::error::BrokerError;
use crate::messaging::partition::{Burial, Now, Ticket};
use crate::messaging::receipt::Receipt;

/// How long a dead letter waits that its topic has no room for.
const BURY_AGAIN: Duration = Duration::from_secs(1);

impl State {
    /// What became of a batch is known: of one that somebody has published, or of a dead letter.
    pub(super) fn published(
        &mut self,
        now: Now,
        ticket: Ticket,
        result: Result<Receipt, BrokerError>,
    ) {
        match self.answers.remove(&ticket) {
            Some(Answer::Published(answer)) => self.told.push(Told::Published(answer, result)),
            // Whatever is there no more can hold no letters.
            Some(Answer::Buried(place, of))
                if matches!(result, Ok(_) | Err(BrokerError::NoTopic(_))) =>
            {
                if let Some(core) = self.core(place) {
                    core.on_buried(now, of);
                }
                self.unburied.retain(|(at, burial)| (*at, burial.of) != (place, of));
            }
            Some(Answer::Buried(..)) => self.retry_at = now.time + BURY_AGAIN,
            _ => {}
        }
    }

    pub(super) fn bury(&mut self, now: Now, place: usize, burial: Burial) {
        let ticket = self.ask(Answer::Buried(place, burial.of));
        let mut batch = Batch::new(burial.to.clone(), []);
        batch.messages.push(Arc::clone(&burial.letter));
        self.unburied.push_back((place, burial));
        self.publish(now, ticket, batch);
    }

    /// Tries again what could not be buried.
    pub(super) fn bury_again(&mut self, now: Now) {
        if self.retry_at <= now.time {
            self.retry_at = Time::MAX;
            let unburied = std::mem::take(&mut self.unburied);
            unburied.into_iter().for_each(|(place, burial)| self.bury(now, place, burial));
        }
    }
}
