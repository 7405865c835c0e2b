use cascadia_patterns::messaging::Message;

use super::client::Remote;
use super::note::Note;
use super::spot::Spot;
use crate::plan::PublishPlan;

/// A message that is to be published.
pub(crate) struct Posting {
    /// What it says; its spot is given when it is published.
    pub(crate) note: Note,
    /// What it is about.
    pub(crate) subject: u32,
}

impl Posting {
    /// It as a message, of which the witness is told that somebody begins to publish it.
    pub(super) fn begin(self, remote: &Remote, plan: &PublishPlan) -> (Spot, Message) {
        let Self { note, subject } = self;
        let topic = remote.hub.plan.topic(&plan.topic).expect("topics of a plan are resolved");
        let mut witness = remote.hub.witness.borrow_mut();
        let spot = witness.next(topic);
        let body = Note { spot, ..note }.write(plan.size);
        let key = plan.keyed.then_some(subject);
        witness.begun(spot, body.downgrade(), key, remote.life.now());
        let message = Message::new(body);
        match key {
            Some(key) => (spot, message.key(key.to_string().as_str())),
            None => (spot, message),
        }
    }
}
