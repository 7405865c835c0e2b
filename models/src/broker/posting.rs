use cascadia_patterns::messaging::Message;

use super::client::Remote;
use super::note::Note;
use super::spot::Spot;
use crate::plan::{IdOf, PublishPlan};

/// A message that is to be published.
pub(crate) struct Posting {
    /// What it says; its spot is given when it is published.
    pub(crate) note: Note,
    /// What it is about.
    pub(crate) subject: u32,
    /// What is the same whenever the request that it is published for is tried again.
    pub(crate) request: u64,
}

impl Posting {
    /// It as a message, of which the witness is told that somebody begins to publish it.
    pub(super) fn begin(self, remote: &Remote, plan: &PublishPlan) -> (Spot, Message) {
        let Self { note, subject, request } = self;
        let topic = remote.hub.plan.topic(&plan.topic).expect("topics of a plan are resolved");
        let mut witness = remote.hub.witness.borrow_mut();
        let spot = match plan.id {
            IdOf::Request => witness.known_or_next(topic, request),
            IdOf::None | IdOf::Attempt => witness.next(topic),
        };
        let body = Note { spot, ..note }.write(plan.size);
        let key = plan.keyed.then_some(subject);
        witness.begun(spot, body.downgrade(), key, remote.life.now());
        let mut message = Message::new(body);
        if let Some(key) = key {
            message = message.key(key.to_string().as_str());
        }
        match plan.id {
            IdOf::None => {}
            IdOf::Attempt => message = message.id(id(note.key)),
            IdOf::Request => message = message.id(id(request)),
        }
        (spot, message)
    }
}

fn id(key: u64) -> String {
    format!("{key:016x}")
}
