use super::*;

#[test]
fn what_never_lets_anything_through_is_refused() {
    let zero = Rate { permits: 0, per: WINDOW };
    let dense = Rate { permits: 1_000, per: Duration::from_nanos(999) };
    let rate = Rate::per_second(1);
    for (algorithm, field) in [
        (Algorithm::TokenBucket { rate: zero, burst: 1 }, "algorithm.token_bucket.rate"),
        (Algorithm::TokenBucket { rate: dense, burst: 1 }, "algorithm.token_bucket.rate"),
        (Algorithm::TokenBucket { rate, burst: 0 }, "algorithm.token_bucket.burst"),
        (Algorithm::Gcra { rate: zero, burst: 1 }, "algorithm.gcra.rate"),
        (Algorithm::Gcra { rate, burst: 0 }, "algorithm.gcra.burst"),
        (Algorithm::SlidingLog { limit: 0, window: WINDOW }, "algorithm.sliding_log.limit"),
        (Algorithm::SlidingLog { limit: 1, window: ms(0) }, "algorithm.sliding_log.window"),
        (Algorithm::SlidingCounter { limit: 0, window: WINDOW }, "algorithm.sliding_counter.limit"),
        (Algorithm::SlidingCounter { limit: 1, window: ms(0) }, "algorithm.sliding_counter.window"),
        (Algorithm::FixedCycle { limit: 0, window: WINDOW }, "algorithm.fixed_cycle.limit"),
        (Algorithm::FixedCycle { limit: 1, window: ms(0) }, "algorithm.fixed_cycle.window"),
    ] {
        assert_eq!(RateLimitConfig::new(algorithm).check().unwrap_err().field, field);
    }
    for algorithm in ALL {
        assert_eq!(RateLimitConfig::new(algorithm).check(), Ok(()));
    }
}
