use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::*;
use crate::call::{Baggage, Call, Context, Failure};
use crate::rate_limit::RateLimitLayer;
use crate::testing::{Recorder, Server, Step, TestOutcome, TestWorld, env, safe};

type TestLayer = RateLimitLayer<TestWorld, Context, u32, &'static str>;

/// One call in 10 ms.
fn layer(max_wait: Duration) -> (TestWorld, Arc<Recorder>, Arc<TestLayer>) {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let rate = Rate { permits: 1, per: ms(10) };
    let config = RateLimitConfig { algorithm: Algorithm::TokenBucket { rate, burst: 1 }, max_wait };
    let layer = RateLimitLayer::new(config, env(world, &observe), Server::new(world, &[Step::Ok]));
    (world, observe, layer)
}

async fn ask(layer: &Arc<TestLayer>, request: Context) -> TestOutcome {
    Arc::clone(layer).call(request).await
}

#[track_caller]
fn refused_for(outcome: TestOutcome) -> Duration {
    let Err(Failure::Rejected(rejection)) = outcome else { panic!("{outcome:?}") };
    rejection.retry_after.unwrap()
}

#[tokio::test(start_paused = true)]
async fn it_says_when_to_come_again() {
    let (world, observe, layer) = layer(ms(0));
    assert_eq!(ask(&layer, safe()).await, Ok(7));
    let wait = refused_for(ask(&layer, safe()).await);
    assert_eq!(wait, ms(10));
    world.sleep(wait).await;
    assert_eq!(ask(&layer, safe()).await, Ok(7));
    assert_eq!(observe.signals().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_may_wait_comes_in_turn() {
    let (world, _, layer) = layer(ms(100));
    for turn in 0..4 {
        assert_eq!(ask(&layer, safe()).await, Ok(7));
        assert_eq!(world.now().since(Time::ZERO), turn * ms(10));
    }
}

#[tokio::test(start_paused = true)]
async fn a_waiter_that_leaves_gives_its_turn_back() {
    let (world, _, layer) = layer(ms(15));
    assert_eq!(ask(&layer, safe()).await, Ok(7));
    for _ in 0..5 {
        let waiter = tokio::spawn(Arc::clone(&layer).call(safe()));
        tokio::task::yield_now().await;
        waiter.abort();
        assert!(waiter.await.is_err());
    }
    assert_eq!(ask(&layer, safe()).await, Ok(7));
    assert_eq!(world.now().since(Time::ZERO), ms(10));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_in_vain() {
    let (world, _, layer) = layer(ms(100));
    assert_eq!(ask(&layer, safe()).await, Ok(7));
    let hurried = Context::new(Baggage { deadline: Some(world.now() + ms(9)), ..safe().baggage });
    assert_eq!(refused_for(ask(&layer, hurried).await), ms(10));
    assert_eq!(world.now(), Time::ZERO);
}

/// Every clone of a tower `RateLimit` counts for itself.
#[tokio::test(start_paused = true)]
async fn whoever_shares_the_layer_shares_the_limit() {
    let (_, _, layer) = layer(ms(0));
    let clones = [(); 4].map(|()| Arc::clone(&layer));
    let mut passed = 0;
    for clone in &clones {
        passed += u32::from(ask(clone, safe()).await.is_ok());
    }
    assert_eq!(passed, 1);
}
