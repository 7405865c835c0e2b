mod algorithms;
mod config;
mod equivalence;
mod layer;
mod properties;
mod suite;

use std::time::Duration;

use cascadia_runtime::Time;

use super::{Algorithm, Decision, Rate, RateLimit, RateLimitConfig, Reservation};
use crate::call::{Layer, Reason, Rejection};
use crate::testing::ms;

const BURST: u32 = 3;
const WINDOW: Duration = Duration::from_millis(30);

/// Three calls in 30 ms, in every way of counting.
const ALL: [Algorithm; 5] = {
    let rate = Rate { permits: BURST, per: WINDOW };
    [
        Algorithm::TokenBucket { rate, burst: BURST },
        Algorithm::Gcra { rate, burst: BURST },
        Algorithm::SlidingLog { limit: BURST, window: WINDOW },
        Algorithm::SlidingCounter { limit: BURST, window: WINDOW },
        Algorithm::FixedCycle { limit: BURST, window: WINDOW },
    ]
};

fn limit(algorithm: Algorithm, max_wait: Duration) -> RateLimit {
    RateLimit::new(RateLimitConfig { algorithm, max_wait })
}

/// A call that may wait as long as the limit allows.
fn call(core: &mut RateLimit, now: Time, permits: u32) -> Decision {
    core.on_call(now, permits, Time::MAX)
}

#[track_caller]
fn reserved(decision: Decision) -> Reservation {
    let Decision::Reserved(reservation) = decision else { panic!("{decision:?}") };
    reservation
}

#[track_caller]
fn retry_after(decision: Decision) -> Option<Duration> {
    let Decision::Rejected(rejection) = decision else { panic!("{decision:?}") };
    let Rejection { by, reason, retry_after, safe_to_retry, .. } = rejection;
    assert_eq!((by, reason, safe_to_retry), (Layer::RATE_LIMIT, Reason::RATE_LIMITED, true));
    retry_after
}

/// How many calls pass at `now`.
fn passes(core: &mut RateLimit, now: Time) -> u32 {
    (0..).take_while(|_| call(core, now, 1) == Decision::Granted).count() as u32
}

/// The instant `millis` after the beginning of a window, some way into the world.
fn at(millis: u64) -> Time {
    Time::ZERO + 10 * WINDOW + ms(millis)
}
