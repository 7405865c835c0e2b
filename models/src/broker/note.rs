use std::sync::Arc;

use cascadia_patterns::call::TraceId;
use cascadia_patterns::messaging::Bytes;
use cascadia_runtime::Time;

use super::spot::Spot;
use crate::exchange::{Origin, Subject};
use crate::ids::{LoadId, PlaceId};

/// How many bytes a message has at least: what this simulation must know of it.
pub const LEAST_BYTES: usize = 64;

/// What the body of a message says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Note {
    pub(crate) spot: Spot,
    /// All that is drawn for the work on it is drawn from this.
    pub(crate) key: u64,
    pub(crate) origin: Origin,
    pub(crate) trace: TraceId,
    pub(crate) priority: u8,
    pub(crate) depth: u8,
}

const USER: u8 = 0;
const USER_ABOUT: u8 = 1;
const OWN: u8 = 2;

impl Note {
    /// It as a body of so many bytes, or of the least.
    pub(crate) fn write(&self, size: usize) -> Bytes {
        let (kind, who, client, sent, about) = match self.origin {
            Origin::User { load, client, sent, subject: None } => (USER, load.0, client, sent, 0),
            Origin::User { load, client, sent, subject: Some(subject) } => {
                (USER_ABOUT, load.0, client, sent, subject.number())
            }
            Origin::Own { place } => (OWN, place.0, 0, Time::ZERO, 0),
        };
        // Made where it stays: a message has one body, and there are many messages.
        let mut body: Arc<[u8]> = std::iter::repeat_n(0, size.max(LEAST_BYTES)).collect();
        let mut rest = Arc::get_mut(&mut body).expect("nobody else has it");
        put(&mut rest, &[kind, self.priority, self.depth, 0]);
        for word in [self.spot.topic, who, client, about] {
            put(&mut rest, &word.to_le_bytes());
        }
        for word in [self.spot.number, self.key, sent.as_nanos()] {
            put(&mut rest, &word.to_le_bytes());
        }
        put(&mut rest, &self.trace.0.to_le_bytes());
        body.into()
    }

    /// What a body says.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let (head, rest) = body.split_first_chunk::<4>()?;
        let (words, rest) = rest.split_first_chunk::<16>()?;
        let (longs, rest) = rest.split_first_chunk::<24>()?;
        let trace = u128::from_le_bytes(*rest.first_chunk()?);
        let word = |at: usize| u32::from_le_bytes(*words[at * 4..].first_chunk().expect("four"));
        let long = |at: usize| u64::from_le_bytes(*longs[at * 8..].first_chunk().expect("three"));
        let [kind, priority, depth, _] = *head;
        let subject = (kind == USER_ABOUT).then(|| Subject::new(word(3)));
        let sent = Time::from_nanos(long(2));
        let origin = match kind {
            OWN => Origin::Own { place: PlaceId(word(1)) },
            _ => Origin::User { load: LoadId(word(1)), client: word(2), sent, subject },
        };
        let spot = Spot { topic: word(0), number: long(0) };
        Some(Self { spot, key: long(1), origin, trace: TraceId(trace), priority, depth })
    }
}

/// Writes something to where `rest` begins.
fn put(rest: &mut &mut [u8], bytes: &[u8]) {
    let (here, behind) = std::mem::take(rest).split_at_mut(bytes.len());
    here.copy_from_slice(bytes);
    *rest = behind;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_as_it_was_written() {
        let user = |subject| Origin::User {
            load: LoadId(3),
            client: 4,
            sent: Time::from_nanos(5),
            subject,
        };
        for origin in [user(None), user(Some(Subject::new(7))), Origin::Own { place: PlaceId(9) }] {
            let spot = Spot { topic: 1, number: u64::MAX };
            let trace = TraceId(1 << 100);
            let note = Note { spot, key: 2, origin, trace, priority: 1, depth: 6 };
            let (short, long) = (note.write(0), note.write(1_000));
            assert_eq!((short.len(), long.len()), (LEAST_BYTES, 1_000));
            for body in [short, long] {
                let read = Note::read(&body).unwrap();
                assert_eq!(format!("{read:?}"), format!("{note:?}"));
            }
        }
        assert!(Note::read(&[0; 10]).is_none());
    }
}
