use std::num::NonZeroU32;

use cascadia_patterns::call::TraceId;
use cascadia_runtime::Time;

use crate::ids::{LoadId, PlaceId};

/// One of the things that the requests of a load are about. There are fewer than 2³² of them, so that
/// there being none takes no room.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject(NonZeroU32);

impl Subject {
    pub(crate) const fn new(number: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(number))
    }

    pub(crate) const fn number(self) -> u32 {
        self.0.get() - 1
    }
}

/// What is behind a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// A user's request.
    User {
        load: LoadId,
        /// Which of its clients sends it.
        client: u32,
        /// The intended send.
        sent: Time,
        /// What it is about, where its load knows.
        subject: Option<Subject>,
    },
    /// A component sends on its own.
    Own { place: PlaceId },
}

impl Origin {
    /// The trace of what a component sends on its own.
    pub(crate) fn own_trace(PlaceId(place): PlaceId, key: u64) -> TraceId {
        TraceId((u128::from(place) << 64) | u128::from(key))
    }

    /// Who it is of, in a number that nobody else has.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::User { load: LoadId(load), .. } => load,
            Self::Own { place: PlaceId(place) } => place,
        }
    }
}
