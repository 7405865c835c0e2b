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
            message = message.key(digits(key, &mut [0; 10]));
        }
        match plan.id {
            IdOf::None => {}
            IdOf::Attempt => message = message.id(id(note.key)),
            IdOf::Request => message = message.id(id(request)),
        }
        (spot, message)
    }
}

/// A number as a text.
fn digits(mut number: u32, text: &mut [u8; 10]) -> &[u8] {
    let mut first = text.len();
    loop {
        first -= 1;
        text[first] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return &text[first..];
        }
    }
}

fn id(key: u64) -> String {
    format!("{key:016x}")
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn the_digits_of_a_number_are_its_text() {
        for number in [0, 7, 10, 999, 1_000, 123_456_789, u32::MAX] {
            assert_eq!(digits(number, &mut [0; 10]), number.to_string().as_bytes());
        }
    }
}
