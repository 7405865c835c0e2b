use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use ::madsim::time::TimeHandle;
use cascadia_runtime::Time;

use crate::engine::Class;

/// Simulated time on the clock of madsim.
///
/// That clock moves on by 50 to 100 ns at every poll, and nothing on it sleeps for less than a
/// millisecond. So that neither shows, a nanosecond of ours is a second there. An instant then has
/// room for an order, too: events at its beginning, deadlines in its middle, and half of it is
/// longer than all the polls that an instant may have.
#[derive(Clone)]
pub(super) struct Clock(TimeHandle);

/// A part of an instant.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Events,
    Deadlines,
    /// After everything that happens in it.
    End,
}

/// The last instant, in 146 years: what comes later would not fit the clock.
const LAST: u64 = u64::MAX >> 2;

impl Clock {
    /// The clock of the runtime that is entered.
    pub(super) fn current() -> Self {
        Self(TimeHandle::current())
    }

    pub(super) fn now(&self) -> Time {
        Time::from_nanos(self.0.elapsed().as_secs())
    }

    /// Wakes `waker` in a part of the instant `at`.
    pub(super) fn wake_at(&self, at: Time, part: Part, waker: &Waker) {
        let since_start = Duration::from_secs(at.as_nanos().min(LAST)) + part.offset();
        let sleep = pin!(self.0.sleep(since_start.saturating_sub(self.0.elapsed())));
        let polled = sleep.poll(&mut Context::from_waker(waker));
        assert!(polled.is_pending(), "madsim sleeps for a millisecond at least");
    }
}

impl Part {
    const fn offset(self) -> Duration {
        match self {
            Self::Events => Duration::ZERO,
            Self::Deadlines => Duration::from_millis(500),
            Self::End => Duration::from_millis(999),
        }
    }
}

impl From<Class> for Part {
    fn from(class: Class) -> Self {
        match class {
            Class::Event => Self::Events,
            Class::Deadline => Self::Deadlines,
        }
    }
}
