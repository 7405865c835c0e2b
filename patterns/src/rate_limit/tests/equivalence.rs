//! Ours against governor, and the bucket against the schedule.

use std::num::NonZeroU32;

use governor::clock::FakeRelativeClock;
use governor::{Quota, RateLimiter};
use proptest::prelude::*;

use super::*;

/// Steps of a clock, and the permits that are asked for after each.
fn asks() -> impl Strategy<Value = Vec<(u64, u32)>> {
    let gap = prop_oneof![Just(0), 0u64..5_000_000, 0u64..1_000_000_000];
    prop::collection::vec((gap, 1u32..8), 0..200)
}

proptest! {
    /// The same decisions as governor, and the same waits, for any rate.
    #[test]
    fn gcra_is_governors(per_second in 1u32..5_000, burst in 1u32..10, asks in asks()) {
        let clock = FakeRelativeClock::default();
        let quota = Quota::per_second(NonZeroU32::new(per_second).unwrap())
            .allow_burst(NonZeroU32::new(burst).unwrap());
        let theirs = RateLimiter::direct_with_clock(quota, clock.clone());
        let rate = Rate::per_second(per_second);
        let mut ours = limit(Algorithm::Gcra { rate, burst }, ms(0));
        let mut now = Time::ZERO;
        for (gap, permits) in asks {
            clock.advance(Duration::from_nanos(gap));
            now = now.after(gap);
            let ours = call(&mut ours, now, permits);
            match theirs.check_n(NonZeroU32::new(permits).unwrap()) {
                Ok(Ok(())) => prop_assert_eq!(ours, Decision::Granted),
                Ok(Err(not_until)) => {
                    let wait = not_until.wait_time_from(governor::clock::Clock::now(&clock));
                    prop_assert_eq!(retry_after(ours), Some(wait));
                }
                Err(_) => prop_assert_eq!(retry_after(ours), None),
            }
        }
    }

    /// Where an interval is a whole number of nanoseconds the two are one, waits included.
    #[test]
    fn gcra_is_a_token_bucket(interval in 1u64..20_000_000, burst in 1u32..10, asks in asks()) {
        let rate = Rate { permits: 1, per: Duration::from_nanos(interval) };
        let mut bucket = limit(Algorithm::TokenBucket { rate, burst }, ms(50));
        let mut gcra = limit(Algorithm::Gcra { rate, burst }, ms(50));
        let mut now = Time::ZERO;
        for (turn, (gap, permits)) in asks.into_iter().enumerate() {
            now = now.after(gap);
            let (left, right) = (call(&mut bucket, now, permits), call(&mut gcra, now, permits));
            prop_assert_eq!(&left, &right);
            if let (Decision::Reserved(left), Decision::Reserved(right), 0) = (left, right, turn % 3) {
                bucket.on_cancelled(now, left);
                gcra.on_cancelled(now, right);
            }
        }
    }
}
