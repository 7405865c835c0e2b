//! The rate limit: one call in 4 ms.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::{Baggage, Context, Failure, Layer, Reason};
use cascadia_patterns::rate_limit::{Algorithm, Rate, RateLimitConfig, RateLimitLayer};
use cascadia_runtime::Runtime;

use super::bench::{Answer, Bench, LONG, Route, ms};
use super::server::{OK, Server, Step};

const GAP: Duration = ms(4);

/// Every way to count one call in a gap.
const ALL: [Algorithm; 5] = {
    let rate = Rate { permits: 1, per: GAP };
    [
        Algorithm::TokenBucket { rate, burst: 1 },
        Algorithm::Gcra { rate, burst: 1 },
        Algorithm::SlidingLog { limit: 1, window: GAP },
        Algorithm::SlidingCounter { limit: 1, window: GAP },
        Algorithm::FixedCycle { limit: 1, window: GAP },
    ]
};

/// A limit that has just let its call through, before a server.
async fn used<R: Runtime>(bench: &Bench<R>, algorithm: Algorithm, max_wait: Duration) -> Route {
    let (server, seen) = (Server::new(bench, &[Step::Ok]), Arc::default());
    let config = RateLimitConfig { algorithm, max_wait };
    let limit = RateLimitLayer::new(config, bench.env(&seen), server);
    assert_eq!(call(&(limit.clone() as Route)).await, OK);
    limit
}

async fn call(route: &Route) -> Answer {
    Arc::clone(route).call(Context::default()).await
}

pub(crate) async fn it_refuses_and_says_when_to_come_again<R: Runtime>(bench: Bench<R>) {
    for algorithm in ALL {
        let route = used(&bench, algorithm, ms(0)).await;
        match call(&route).await {
            Err(Failure::Rejected(rejection)) => {
                let by = (rejection.by, rejection.reason, rejection.safe_to_retry);
                assert_eq!(by, (Layer::RATE_LIMIT, Reason::RATE_LIMITED, true));
                bench.world.sleep(rejection.retry_after.unwrap()).await;
                assert_eq!(call(&route).await, OK, "{algorithm:?}");
            }
            // In real time the gap may have passed.
            other => assert!(!bench.exact && other == OK, "{algorithm:?}: {other:?}"),
        }
    }
}

pub(crate) async fn who_may_wait_comes_in_turn<R: Runtime>(bench: Bench<R>) {
    for algorithm in [ALL[0], ALL[1], ALL[2], ALL[4]] {
        let route = used(&bench, algorithm, LONG).await;
        let began = bench.world.now();
        let waiters: Vec<_> = (0..3).map(|_| bench.start(&route, Context::default())).collect();
        for waiter in waiters {
            assert_eq!(waiter.answer().await, OK, "{algorithm:?}");
        }
        // Two whole gaps, and what is left of the first.
        assert!(bench.world.now().since(began) > ms(7), "{algorithm:?}");
    }
}

pub(crate) async fn a_waiter_that_leaves_gives_its_turn_back<R: Runtime>(bench: Bench<R>) {
    for algorithm in [ALL[0], ALL[1], ALL[2], ALL[4]] {
        let route = used(&bench, algorithm, ms(7)).await;
        for _ in 0..3 {
            // Were its turn lost, the second would have to wait for too long.
            let waiter = bench.start(&route, Context::default());
            waiter.abort();
        }
        bench.settle().await;
        assert_eq!(call(&route).await, OK, "{algorithm:?}");
    }
}

pub(crate) async fn nobody_waits_beyond_his_deadline<R: Runtime>(bench: Bench<R>) {
    let long = Rate { permits: 1, per: LONG };
    let route = used(&bench, Algorithm::TokenBucket { rate: long, burst: 1 }, LONG).await;
    let deadline = Some(bench.world.now() + LONG / 2);
    let answer = Arc::clone(&route).call(Context::new(Baggage { deadline, ..Baggage::default() })).await;
    let Err(Failure::Rejected(rejection)) = answer else { panic!("{answer:?}") };
    assert!(rejection.retry_after.unwrap() > LONG / 2);
}
