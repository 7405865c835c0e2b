use cascadia_runtime::Wall;

use crate::messaging::codec::{Corrupt, open, read, seal, write};
use crate::saga::codec;
use crate::saga::ids::{Epoch, SagaId};
use crate::saga::key::joined;
use crate::saga::order::Order;
use crate::store::{Key, Range};

/// The keys of orchestrators.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a>(pub(super) &'a [u8]);

const LIVE: &[u8] = b"live/";
const END: &[u8] = b"end/";

/// What a row says of a saga.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// Who drives it.
    Live,
    /// How it has ended.
    Ended,
}

/// Who drives a saga that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Live {
    pub(super) owner: u64,
    pub(super) epoch: Epoch,
    pub(super) until: Wall,
    pub(super) is_stuck: bool,
}

impl Rows<'_> {
    pub(super) fn log(&self, saga: &SagaId) -> Range {
        Range::prefix(self.under(b"log/", saga, []))
    }

    /// That of the entries of which the first has this place.
    pub(super) fn entries(&self, saga: &SagaId, place: u64) -> Key {
        self.under(b"log/", saga, [&place.to_be_bytes()])
    }

    pub(super) fn live(&self, saga: &SagaId) -> Key {
        joined([self.0, LIVE], [saga.as_str().as_bytes()])
    }

    pub(super) fn all_live(&self) -> Range {
        Range::prefix(joined([self.0, LIVE], []))
    }

    /// The saga of a row of [`all_live`](Self::all_live).
    pub(super) fn id_of(&self, key: &[u8]) -> SagaId {
        saga_of(&key[(self.0.len() + LIVE.len()).min(key.len())..])
    }

    pub(super) fn end(&self, saga: &SagaId) -> Key {
        joined([self.0, END], [saga.as_str().as_bytes()])
    }

    /// The saga of a row that says of it who drives it, or how it has ended, and which of both.
    pub(super) fn named(&self, key: &[u8]) -> Option<(SagaId, Named)> {
        let key = key.strip_prefix(self.0)?;
        let (name, of) = match key.strip_prefix(LIVE) {
            Some(name) => (name, Named::Live),
            None => (key.strip_prefix(END)?, Named::Ended),
        };
        Some((saga_of(name), of))
    }

    pub(super) fn mail(&self, saga: &SagaId) -> Range {
        Range::prefix(self.under(b"mail/", saga, []))
    }

    /// That of an order: in the order of what was known of the saga, and then by who gives it.
    pub(super) fn order(&self, saga: &SagaId, number: [u64; 3]) -> Key {
        let [known, who, which] = number.map(u64::to_be_bytes);
        self.under(b"mail/", saga, [&known, &who, &which])
    }

    #[inline]
    fn under<const N: usize>(&self, kind: &[u8], saga: &SagaId, rest: [&[u8]; N]) -> Key {
        let length = (saga.as_str().len() as u32).to_be_bytes();
        joined([self.0, kind, &length, saga.as_str().as_bytes()], rest)
    }
}

fn saga_of(name: &[u8]) -> SagaId {
    SagaId::from(&*String::from_utf8_lossy(name))
}

impl Live {
    pub(super) fn encode(self) -> Vec<u8> {
        seal(0, |out| {
            write::long(out, self.owner);
            write::long(out, self.epoch.0);
            write::long(out, self.until.as_nanos());
            write::flag(out, self.is_stuck);
        })
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut rest = open(0, bytes)?;
        let mut live = || {
            Some(Self {
                owner: read::long(&mut rest)?,
                epoch: Epoch(read::long(&mut rest)?),
                until: Wall::from_nanos(read::long(&mut rest)?),
                is_stuck: read::flag(&mut rest)?,
            })
        };
        live().ok_or(Corrupt::Damaged)
    }
}

pub(super) fn encode_order(order: &Order) -> Vec<u8> {
    seal(0, |out| match order {
        Order::Cancel => write::byte(out, 0),
        Order::Signal { name, body } => {
            write::byte(out, 1);
            write::text(out, name);
            write::bytes(out, body);
        }
        Order::Retry => write::byte(out, 2),
        Order::Skip { step } => {
            write::byte(out, 3);
            write::text(out, step);
        }
        Order::Force => write::byte(out, 4),
    })
}

pub(super) fn decode_order(bytes: &[u8]) -> Result<Order, Corrupt> {
    let mut rest = open(0, bytes)?;
    let mut order = || {
        Some(match read::byte(&mut rest)? {
            0 => Order::Cancel,
            1 => Order::Signal { name: codec::text(&mut rest)?, body: codec::bytes(&mut rest)? },
            2 => Order::Retry,
            3 => Order::Skip { step: codec::text(&mut rest)? },
            4 => Order::Force,
            _ => return None,
        })
    };
    order().ok_or(Corrupt::Damaged)
}
