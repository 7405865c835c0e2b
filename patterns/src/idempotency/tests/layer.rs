use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cascadia_runtime::Stream;

use crate::call::{Baggage, Context, Failure, Key, Outcome, Reason, Rejection, call_fn};
use crate::env::Env;
use crate::idempotency::{Claim, Concurrent, IdempotencyConfig, IdempotencyLayer, Keys, Repeated};
use crate::messaging::tests::{Dated, run};
use crate::store::MemoryStore;
use crate::testing::{TestCall, ms};
use crate::wire::http::status_of;

type Answer = Outcome<u32, &'static str>;

/// Requests ask for what their priority says.
struct Numbers;

impl Repeated<Context, u32, &'static str> for Numbers {
    fn scope(&self, _: &Context) -> Arc<str> {
        "orders".into()
    }

    fn fingerprint(&self, request: &Context) -> u64 {
        request.baggage.priority.into()
    }

    fn encode(&self, outcome: &Answer) -> Option<Vec<u8>> {
        outcome.as_ref().ok().map(|number| number.to_be_bytes().into())
    }

    fn decode(&self, bytes: &[u8]) -> Option<Answer> {
        bytes.try_into().ok().map(|bytes| Ok(u32::from_be_bytes(bytes)))
    }

    fn claimed(&self, request: &mut Context, claim: &Claim) {
        request.baggage.depth = claim.epoch() as u8;
    }
}

fn keyed(key: &str) -> Context {
    let key = Some(Arc::new(Key(key.into())));
    Context::new(Baggage { key, ..Baggage::default() })
}

fn layer(config: IdempotencyConfig, inner: TestCall) -> TestCall {
    let env = Env::new(Dated::new(), Stream::from_seed(1));
    let store = Arc::new(MemoryStore::new());
    IdempotencyLayer::new(Keys::new(config), store, Arc::new(Numbers), env, inner)
}

/// Counts, after a while; the first attempt fails if it is to.
fn counter(first_fails: bool) -> (Arc<AtomicU32>, TestCall) {
    let count = Arc::new(AtomicU32::new(0));
    let own = Arc::clone(&count);
    let call = call_fn(move |_: Context| {
        let number = own.fetch_add(1, Ordering::Relaxed) + 1;
        async move {
            tokio::time::sleep(ms(50)).await;
            if first_fails && number == 1 { Err(Failure::Service("down")) } else { Ok(number) }
        }
    });
    (count, call)
}

fn rejection(outcome: Answer) -> Rejection {
    match outcome {
        Err(Failure::Rejected(rejection)) => rejection,
        other => panic!("{other:?}"),
    }
}

fn usual() -> IdempotencyConfig {
    IdempotencyConfig::new("i/")
}

#[test]
fn a_request_that_comes_again_is_answered_the_same() {
    run(async {
        let (count, inner) = counter(false);
        let layer = layer(usual(), inner);
        let ask = |key| Arc::clone(&layer).call(keyed(key));
        assert_eq!((ask("a").await, ask("a").await, ask("b").await), (Ok(1), Ok(1), Ok(2)));
        assert_eq!(count.load(Ordering::Relaxed), 2);
        let plain = || Arc::clone(&layer).call(Context::default());
        assert_eq!((plain().await, plain().await), (Ok(3), Ok(4)), "nobody knows it again");
    });
}

#[test]
fn one_that_comes_beside_it_is_refused_or_waits() {
    run(async {
        let (_, inner) = counter(false);
        let refusing = layer(usual(), inner);
        let first = tokio::spawn(Arc::clone(&refusing).call(keyed("a")));
        tokio::time::sleep(ms(10)).await;
        let refused = rejection(refusing.call(keyed("a")).await);
        assert_eq!((refused.reason, status_of(&refused)), (Reason::IN_PROGRESS, 409));
        assert!(refused.safe_to_retry && refused.retry_after.is_some());
        assert_eq!(first.await.unwrap(), Ok(1));

        let (count, inner) = counter(false);
        let config = IdempotencyConfig { concurrent: Concurrent::Wait(ms(500)), ..usual() };
        let waiting = layer(config, inner);
        let all: Vec<_> =
            (0..50).map(|_| tokio::spawn(Arc::clone(&waiting).call(keyed("a")))).collect();
        for one in all {
            assert_eq!(one.await.unwrap(), Ok(1));
        }
        assert_eq!(count.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn whoever_waits_is_refused_in_the_end() {
    run(async {
        let inner = call_fn(|_: Context| async { std::future::pending().await });
        let config = IdempotencyConfig { concurrent: Concurrent::Wait(ms(500)), ..usual() };
        let layer = layer(config, inner);
        let first = tokio::spawn(Arc::clone(&layer).call(keyed("a")));
        tokio::time::sleep(ms(10)).await;
        let begun = tokio::time::Instant::now();
        let refused = rejection(layer.call(keyed("a")).await);
        assert_eq!(refused.reason, Reason::IN_PROGRESS);
        assert_eq!(begun.elapsed(), ms(500));
        first.abort();
    });
}

#[test]
fn what_cannot_be_taken_is_refused_with_what_is_wrong() {
    run(async {
        let (_, inner) = counter(false);
        let layer = layer(IdempotencyConfig { required: true, ..usual() }, inner);
        let ask = async |request| rejection(Arc::clone(&layer).call(request).await);
        assert_eq!(Arc::clone(&layer).call(keyed("a")).await, Ok(1));
        let mut other = keyed("a");
        other.baggage.priority = 9;
        let safe = Context::new(Baggage { safe: true, ..Baggage::default() });
        assert_eq!(Arc::clone(&layer).call(safe).await, Ok(2));
        for (request, reason, status) in [
            (other, Reason::KEY_REUSED, 422),
            (Context::default(), Reason::KEY_MISSING, 400),
            (keyed(""), Reason::KEY_INVALID, 400),
            (keyed(&"k".repeat(256)), Reason::KEY_INVALID, 400),
        ] {
            let refused = ask(request).await;
            assert_eq!((refused.reason, status_of(&refused)), (reason, status));
            assert!(!refused.safe_to_retry);
        }
    });
}

#[test]
fn an_answer_that_is_not_kept_is_sought_anew() {
    run(async {
        let (count, inner) = counter(true);
        let layer = layer(usual(), inner);
        let ask = || Arc::clone(&layer).call(keyed("a"));
        assert_eq!(ask().await, Err(Failure::Service("down")));
        assert_eq!((ask().await, ask().await), (Ok(2), Ok(2)));
        assert_eq!(count.load(Ordering::Relaxed), 2);
    });
}

/// A caller that leaves looks like a crash: the work is done anew when the lease is over, and not before.
#[test]
fn what_is_dropped_is_taken_over() {
    run(async {
        let (count, inner) = counter(false);
        let config = IdempotencyConfig {
            lease: ms(2_000),
            skew: ms(100),
            concurrent: Concurrent::Wait(Duration::from_secs(60)),
            ..usual()
        };
        let layer = layer(config, inner);
        let first = tokio::spawn(Arc::clone(&layer).call(keyed("a")));
        tokio::time::sleep(ms(10)).await;
        first.abort();
        let begun = tokio::time::Instant::now();
        assert_eq!(layer.call(keyed("a")).await, Ok(2));
        assert!(begun.elapsed() >= ms(2_000) && begun.elapsed() < ms(2_300));
        assert_eq!(count.load(Ordering::Relaxed), 2);
    });
}

/// Whether what it did has had an effect, nobody knows.
#[test]
fn who_panicked_is_taken_for_crashed_when_its_lease_is_over() {
    run(async {
        let (count, inner) = counter(false);
        let panics = call_fn(move |request: Context| {
            let inner = Arc::clone(&inner);
            async move {
                let answer = inner.call(request).await;
                if answer == Ok(1) {
                    std::panic::resume_unwind(Box::new("planted"));
                }
                answer
            }
        });
        let layer = layer(usual(), panics);
        let ask = || tokio::spawn(Arc::clone(&layer).call(keyed("a")));
        assert!(ask().await.is_err_and(|ended| ended.is_panic()));
        let refused = rejection(ask().await.unwrap());
        assert_eq!(refused.reason, Reason::IN_PROGRESS);
        tokio::time::sleep(refused.retry_after.unwrap() + usual().skew).await;
        assert_eq!(ask().await.unwrap(), Ok(2));
        assert_eq!(ask().await.unwrap(), Ok(2));
        assert_eq!(count.load(Ordering::Relaxed), 2);
    });
}

#[test]
fn no_duration_overflows() {
    let second = Duration::from_secs(1);
    let durations = [Duration::ZERO, Duration::from_nanos(1), second, Duration::MAX];
    let each =
        |index: usize, place: u32| durations[index / durations.len().pow(place) % durations.len()];
    for index in 0..durations.len().pow(4) {
        let [time_to_live, lease, skew, wait] = [0, 1, 2, 3].map(|place| each(index, place));
        let concurrent = Concurrent::Wait(wait);
        let config = IdempotencyConfig { time_to_live, lease, skew, concurrent, ..usual() };
        let _ = config.covers(Duration::MAX);
        if config.check().is_err() {
            continue;
        }
        run(async {
            let (_, inner) = counter(true);
            let layer = layer(config, inner);
            let ask = || tokio::spawn(Arc::clone(&layer).call(keyed("a")));
            for one in [ask(), ask()] {
                let ended = tokio::time::timeout(second * 10, one).await;
                assert!(!matches!(ended, Ok(Err(panicked)) if panicked.is_panic()), "{index}");
            }
        });
    }
}
