use cascadia_patterns::retry;

use crate::decode::{choice, object};
use crate::units::{Duration, Share, duration_as_written};

/// What a delay grows by where nothing is said, as in most libraries.
const FACTOR: f64 = 2.0;

/// The share by which gRPC spreads a delay either way.
const SPREAD: f64 = 0.2;

choice! {
    /// The delays between tries.
    pub(super) enum Backoff: retry::Backoff {
        /// None at all.
        none => retry::Backoff::None,
        /// Always the same.
        fixed(Duration) => |delay| retry::Backoff::Fixed { delay },
        /// Longer by `base` each time.
        linear(Bounds) => |Bounds { base, max }| retry::Backoff::Linear { base, max },
        /// Longer by a factor each time.
        exponential(Growth) => |Growth { base, max, factor }| {
            retry::Backoff::Exponential { base, factor, max }
        },
        /// Anything from zero to an exponential bound.
        full_jitter(Growth) => |Growth { base, max, factor }| {
            retry::Backoff::FullJitter { base, factor, max }
        },
        /// Anything from half of an exponential bound to all of it.
        equal_jitter(Growth) => |Growth { base, max, factor }| {
            retry::Backoff::EqualJitter { base, factor, max }
        },
        /// An exponential delay, more or less a share of it.
        proportional(Proportional) => |Proportional { base, max, factor, spread }| {
            retry::Backoff::Proportional { base, factor, max, spread }
        },
        /// Anything from the base to three times the last delay.
        decorrelated(Bounds) => |Bounds { base, max }| retry::Backoff::Decorrelated { base, max },
    }
    shown |backoff| match backoff {
        retry::Backoff::FullJitter { base, max, .. } => {
            let (base, max) = (duration_as_written(*base), duration_as_written(*max));
            Some(format!("full_jitter with a base of {base} and a max of {max}"))
        }
        _ => None,
    }
}

object! {
    /// The shortest and the longest delay.
    pub(super) struct Bounds {
        /// The first delay.
        base: Duration,
        /// The longest delay.
        max: Duration,
    }
}

object! {
    /// Delays that grow by a factor.
    pub(super) struct Growth {
        /// The first delay.
        base: Duration,
        /// The longest delay.
        max: Duration,
        /// What each retry multiplies it by.
        factor: f64 = FACTOR,
    }
}

object! {
    /// Delays that grow by a factor, more or less a share.
    pub(super) struct Proportional {
        /// The first delay, in the middle.
        base: Duration,
        /// The longest delay, in the middle.
        max: Duration,
        /// What each retry multiplies it by.
        factor: f64 = FACTOR,
        /// How far from the middle it may be.
        spread: Share = SPREAD,
    }
}
