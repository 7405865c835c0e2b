use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use cascadia_runtime::Wall;

use super::entry::{Placed, ProducerState};
use crate::messaging::error::BrokerError;
use crate::messaging::identity::{Numbered, ProducerIdentity, Sequence};

/// How many batches of a producer are known again (Kafka's `ProducerStateEntry`): as many as it may
/// have under way.
pub const KNOWN_BATCHES: usize = 5;

/// How long a producer is known that sends nothing (Kafka `producer.id.expiration.ms`).
pub const KNOWN_FOR: Duration = Duration::from_secs(24 * 3_600);

/// What producers have sent last.
#[derive(Debug, Default)]
pub(super) struct Producers(BTreeMap<u64, Known>);

#[derive(Debug)]
struct Known {
    epoch: u32,
    at: Wall,
    batches: VecDeque<Placed>,
    /// Where it is written down, apart from its batches.
    entry: u64,
}

/// What a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    Next,
    Again(Placed),
}

impl Producers {
    /// Whether a batch is the next, or one of the last.
    pub(super) fn judge(
        &self,
        now: Wall,
        numbered: Numbered,
        messages: u32,
    ) -> Result<Arrival, BrokerError> {
        let Numbered { producer, first } = numbered;
        // Who is not known may have been for longer than it is remembered: any number will do.
        let Some(known) = self.0.get(&producer.id) else { return Ok(Arrival::Next) };
        if now.since(known.at) >= KNOWN_FOR {
            return Ok(Arrival::Next);
        }
        if producer.epoch < known.epoch {
            return Err(BrokerError::Fenced);
        }
        if producer.epoch > known.epoch {
            return is_next(first, Sequence::ZERO);
        }
        let is_it = |batch: &&Placed| batch.first == first && batch.messages == messages;
        if let Some(placed) = known.batches.iter().find(is_it) {
            return Ok(Arrival::Again(*placed));
        }
        let Some(last) = known.batches.back() else { return Ok(Arrival::Next) };
        is_next(first, last.first.after(last.messages))
    }

    pub(super) fn add(&mut self, at: Wall, producer: ProducerIdentity, placed: Placed) {
        let (epoch, entry) = (producer.epoch, 0);
        let new = || Known { epoch, at, batches: VecDeque::with_capacity(KNOWN_BATCHES), entry };
        let known = self.0.entry(producer.id).or_insert_with(new);
        if known.epoch != epoch || at.since(known.at) >= KNOWN_FOR {
            known.epoch = epoch;
            known.batches.clear();
        }
        if known.batches.len() == KNOWN_BATCHES {
            known.batches.pop_front();
        }
        known.batches.push_back(placed);
        known.at = at;
    }

    /// Takes what an earlier life has written down.
    pub(super) fn restore(&mut self, state: ProducerState, entry: u64) {
        let ProducerState { producer, at, batches } = state;
        let known = Known { epoch: producer.epoch, at, batches: batches.into(), entry };
        self.0.insert(producer.id, known);
    }

    /// Everything of a producer, to be written down, with where that was before.
    pub(super) fn state(&self, id: u64) -> Option<(ProducerState, u64)> {
        let known = self.0.get(&id)?;
        let producer = ProducerIdentity { id, epoch: known.epoch };
        let batches = known.batches.iter().copied().collect();
        Some((ProducerState { producer, at: known.at, batches }, known.entry))
    }

    pub(super) fn written(&mut self, id: u64, entry: u64) {
        if let Some(known) = self.0.get_mut(&id) {
            known.entry = entry;
        }
    }

    /// Forgets those that are known for too long, and says where they are written down.
    pub(super) fn expire(&mut self, now: Wall) -> Vec<u64> {
        let old = self.0.extract_if(.., |_, known| now.since(known.at) >= KNOWN_FOR);
        old.map(|(_, known)| known.entry).filter(|entry| *entry > 0).collect()
    }
}

fn is_next(first: Sequence, expected: Sequence) -> Result<Arrival, BrokerError> {
    match first == expected {
        true => Ok(Arrival::Next),
        false => Err(BrokerError::OutOfSequence { expected }),
    }
}
