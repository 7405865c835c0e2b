//! The adaptive throttle.

use std::sync::Arc;

use cascadia_patterns::call::{Call, Context, Failure, Layer};
use cascadia_patterns::throttle::{ThrottleConfig, ThrottleLayer};
use cascadia_runtime::Runtime;

use super::bench::{Bench, LONG, Recorder, Route};
use super::server::{OK, Server, Step};

type Throttle<R> = Arc<ThrottleLayer<R, Context, u32, &'static str>>;

/// A throttle that acts from the first request on.
fn rig<R: Runtime>(bench: &Bench<R>, script: &[Step]) -> (Arc<Server<R>>, Throttle<R>) {
    let config = ThrottleConfig { window: LONG, min_per_second: 0.0, ..ThrottleConfig::default() };
    let server = Server::new(bench, script);
    let seen = Arc::<Recorder>::default();
    let throttle = ThrottleLayer::new(config, bench.env(&seen), server.clone());
    (server, throttle)
}

pub(crate) async fn what_is_accepted_is_never_throttled<R: Runtime>(bench: Bench<R>) {
    let (server, throttle) = rig(&bench, &[Step::Ok]);
    for _ in 0..100 {
        assert_eq!(Arc::clone(&throttle).call(Context::default()).await, OK);
    }
    assert_eq!((server.seen().len(), throttle.refused()), (100, 0.0));
}

pub(crate) async fn what_accepts_nothing_is_sent_a_tenth<R: Runtime>(bench: Bench<R>) {
    let (server, throttle) = rig(&bench, &[Step::Fail]);
    for _ in 0..1_000 {
        let answer = Arc::clone(&throttle).call(Context::default()).await;
        match answer {
            Err(Failure::Rejected(rejection)) => assert_eq!(rejection.by, Layer::THROTTLE),
            other => assert!(other.is_err()),
        }
    }
    assert_eq!(throttle.refused(), 0.9);
    assert!((50..150).contains(&server.seen().len()), "{}", server.seen().len());
}

pub(crate) async fn a_dropped_call_is_taken_back<R: Runtime>(bench: Bench<R>) {
    let (server, throttle) = rig(&bench, &[Step::Hang]);
    let route: Route = throttle.clone();
    let hung = bench.start(&route, Context::default());
    bench.settle().await;
    assert_eq!((server.in_flight(), throttle.refused()), (1, 0.5));
    hung.abort();
    bench.settle().await;
    assert_eq!((server.in_flight(), throttle.refused()), (0, 0.0));
}
