//! Every refusal says who refused, why, when to come again, and that nothing was begun.

use cascadia_runtime::Runtime;

use super::layers::{Build, env, put, samples};
use crate::balance::{BalanceConfig, BalanceLayer};
use crate::breaker::{BreakerConfig, BreakerLayer, OpenWait};
use crate::call::{
    Baggage, Call as _, Context, Failure, Layer, Origin, Reason, Rejection, call_fn,
};
use crate::shed::{CodelConfig, DisciplineConfig, Order, QueueConfig, QueueLayer};
use crate::testing::{Server, Step, TestCall, TestWorld, end, ms, safe};

fn layer(name: &str) -> Build {
    samples().find(|sample| sample.name == name).expect("there is one").tight
}

/// The first refusal among so many calls that come together.
async fn refusal(layer: Build, step: Step, calls: usize) -> Rejection {
    let server = Server::new(TestWorld::new(), &[step]);
    let layer = put(layer, server);
    let call = || {
        let layer = layer.clone();
        tokio::spawn(async move { layer.call(safe()).await })
    };
    let calls: Vec<_> = (0..calls).map(|_| call()).collect();
    TestWorld::new().sleep(ms(30)).await;
    for call in calls.iter().filter(|call| !call.is_finished()) {
        call.abort();
    }
    for call in calls {
        if let Ok(Err(Failure::Rejected(rejection))) = call.await {
            return rejection;
        }
    }
    panic!("nobody was refused")
}

#[tokio::test(start_paused = true)]
async fn every_refusal_says_who_and_why_and_that_nothing_was_begun() {
    for sample in samples() {
        let Some((step, calls, by, reason)) = sample.refuses else { continue };
        let name = sample.name;
        let rejection = refusal(sample.tight, step.into(), calls).await;
        assert_eq!((rejection.by, rejection.reason), (by, reason), "{name}");
        assert!(rejection.safe_to_retry, "{name}");
        assert_eq!(rejection.origin(), Origin::Local, "{name}");
    }
}

/// A layer that made a refusal of its own of it would hide that the server was asked.
#[tokio::test(start_paused = true)]
async fn what_a_server_refused_stays_its_refusal_through_every_layer() {
    let refused = Failure::Rejected(Rejection::new(Layer::SHED, Reason::FULL)).from_peer();
    for sample in samples().filter(|sample| sample.name != "fallback") {
        let name = sample.name;
        let outcome = Err(refused.clone());
        let server = call_fn(move |_: Context| std::future::ready(outcome.clone()));
        let Err(Failure::Rejected(rejection)) = put(sample.tight, server).call(safe()).await else {
            panic!("{name}")
        };
        assert_eq!((rejection.by, rejection.origin()), (Layer::SHED, Origin::Peer), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_bulkhead_says_that_nothing_was_begun() {
    let calls = 4;
    let server = Server::new(TestWorld::new(), &[Step::Hang]);
    let layer = put(layer("bulkhead"), server.clone());
    let calls: Vec<_> = (0..calls).map(|_| tokio::spawn(layer.clone().call(safe()))).collect();
    tokio::task::yield_now().await;
    let refused: Vec<_> = calls.iter().map(tokio::task::JoinHandle::is_finished).collect();
    assert_eq!(refused, [false, false, false, true]);
    let expected = Rejection::new(Layer::BULKHEAD, Reason::FULL);
    let last = calls.into_iter().next_back().unwrap();
    assert_eq!(last.await.unwrap(), Err(Failure::Rejected(expected)));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_open_circuit_says_when_to_come_again_and_a_probed_one_when_it_is_given_up() {
    let config = BreakerConfig {
        consecutive: Some(1),
        open: OpenWait::fixed(ms(200)),
        ..BreakerConfig::default()
    };
    let server = Server::new(TestWorld::new(), &[Step::Fail, Step::Hang]);
    let breaker: TestCall = BreakerLayer::new(config, env(), server);
    assert!(breaker.clone().call(safe()).await.is_err());
    let world = TestWorld::new();
    let refused = |reason, wait| {
        Err(Failure::Rejected(Rejection::new(Layer::BREAKER, reason).until(Some(ms(wait)))))
    };
    world.sleep(ms(50)).await;
    assert_eq!(breaker.clone().call(safe()).await, refused(Reason::OPEN, 150));
    world.sleep(ms(150)).await;
    let _probe = tokio::spawn(breaker.clone().call(safe()));
    world.sleep(ms(20)).await;
    assert_eq!(breaker.call(safe()).await, refused(Reason::PROBES_TAKEN, 180));
}

#[tokio::test(start_paused = true)]
async fn without_an_endpoint_nothing_was_begun() {
    let balance: TestCall = BalanceLayer::new(BalanceConfig::default(), env(), Vec::new());
    let Err(Failure::Rejected(rejection)) = balance.call(safe()).await else { panic!() };
    assert_eq!((rejection.by, rejection.reason), (Layer::BALANCE, Reason::NO_ENDPOINT));
    assert!(rejection.safe_to_retry);
}

#[tokio::test(start_paused = true)]
async fn what_was_shed_from_a_queue_was_not_begun() {
    let codel = Some(CodelConfig { target: ms(1), interval: ms(5) });
    let discipline = DisciplineConfig { order: Order::Fifo, codel };
    let config = QueueConfig { limit: 1, max_waiting: None, discipline };
    let server = Server::new(TestWorld::new(), &[Step::OkAfter(ms(4))]);
    let queue = QueueLayer::new(config, None, env(), server.clone());
    let calls: Vec<_> = (0..9).map(|_| tokio::spawn(queue.clone().call(safe()))).collect();
    let mut shed = 0;
    for call in calls {
        if let Err(Failure::Rejected(rejection)) = end(call).await.unwrap() {
            assert_eq!((rejection.by, rejection.reason), (Layer::SHED, Reason::OVERLOADED));
            assert!(rejection.safe_to_retry);
            shed += 1;
        }
    }
    assert!(shed > 0);
    assert_eq!(server.seen().len(), 9 - shed);
}

/// Nobody waits for the answer, so there is no use in another try.
#[tokio::test(start_paused = true)]
async fn what_is_late_is_refused_for_good() {
    let server = Server::new(TestWorld::new(), &[Step::Ok]);
    let late =
        Context::new(Baggage { deadline: Some(cascadia_runtime::Time::ZERO), ..safe().baggage });
    let outcome = put(layer("deadline"), server.clone()).call(late).await;
    let Err(Failure::Rejected(rejection)) = outcome else { panic!("{outcome:?}") };
    assert_eq!((rejection.by, rejection.reason), (Layer::DEADLINE, Reason::EXPIRED));
    assert!(!rejection.safe_to_retry);
    assert_eq!(server.seen().len(), 0);
}
