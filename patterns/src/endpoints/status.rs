use std::sync::Arc;

use cascadia_runtime::Time;

use crate::call::{Call, Status};

/// Whether an endpoint may be chosen, all things considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointStatus {
    /// It may.
    Ready,
    /// A breaker inside is open or takes no more probes, or an answer said so.
    Rests {
        /// Until when at least; [`Time::MAX`] where nobody knows.
        until: Time,
    },
    /// It behaved unlike the others.
    Ejected,
    /// It ends what it has and gets nothing new.
    Draining,
}

/// The way to an endpoint, which knows whether a call would be let in.
pub trait Way {
    /// Whether a call that came at `now` would be let in.
    fn status(&self, now: Time) -> Status;
}

impl<Q, T, E> Way for Arc<dyn Call<Q, T, E>> {
    #[inline]
    fn status(&self, now: Time) -> Status {
        (**self).status(now)
    }
}
