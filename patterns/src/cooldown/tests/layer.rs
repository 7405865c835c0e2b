use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::*;
use crate::balance::{BalanceConfig, BalanceKind, BalanceLayer};
use crate::call::{Baggage, Call, Context, Failure, Layer, Reason, Rejection, Status};
use crate::testing::{Recorder, Server, Step, TestCall, TestWorld, at, env};

type TestLayer = CooldownLayer<TestWorld, Context, u32, &'static str>;

fn bench(script: &[Step]) -> (Arc<Server>, Arc<Recorder>, Arc<TestLayer>) {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let server = Server::new(world, script);
    let layer = CooldownLayer::new(config(), env(world, &observe), server.clone());
    (server, observe, layer)
}

fn of(priority: u8) -> Context {
    Context::new(Baggage { priority, ..Baggage::default() })
}

fn refused<T>(ms_left: u64) -> Result<T, Failure<&'static str>> {
    refused_for(Reason::COOLING, ms_left)
}

fn refused_for<T>(reason: Reason, ms_left: u64) -> Result<T, Failure<&'static str>> {
    let rejection = Rejection::new(Layer::COOLDOWN, reason);
    Err(Failure::Rejected(rejection.until(Some(ms(ms_left)))))
}

#[tokio::test(start_paused = true)]
async fn a_failure_goes_through_and_what_follows_is_refused_until_the_pause_is_over() {
    let (server, observe, layer) = bench(&[Step::Fail, Step::Ok]);
    let world = TestWorld::new();
    assert!(matches!(layer.clone().call(of(0)).await, Err(Failure::Service(_))));
    world.sleep(ms(30)).await;
    assert_eq!(layer.clone().call(of(0)).await, refused(70));
    world.sleep(ms(70)).await;
    assert_eq!(layer.clone().call(of(0)).await, Ok(7));
    assert_eq!((server.seen().len(), observe.signals().len()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_key_that_works_is_sent_while_another_rests() {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let server = Server::new(world, &[Step::Fail, Step::Ok]);
    let key = Box::new(|request: &Context| request.baggage.priority.into());
    let layer = CooldownLayer::keyed(config(), key, env(world, &observe), server.clone());
    assert!(layer.clone().call(of(1)).await.is_err());
    assert_eq!(layer.clone().call(of(2)).await, Ok(7));
    assert_eq!(layer.clone().call(of(1)).await, refused_for(Reason::KEY_COOLING, 100));
    assert_eq!((server.seen().len(), layer.resting()), (2, 1));
    assert_eq!(layer.status(world.now()), Status::Ready, "of some key");
}

#[tokio::test(start_paused = true)]
async fn a_success_of_a_call_from_before_the_pause_does_not_end_it() {
    let (_, _, layer) = bench(&[Step::OkAfter(ms(20)), Step::Fail]);
    let slow = tokio::spawn(layer.clone().call(of(0)));
    tokio::task::yield_now().await;
    assert!(layer.clone().call(of(0)).await.is_err());
    assert_eq!(slow.await.unwrap(), Ok(7));
    assert_eq!(layer.call(of(0)).await, refused(80));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_begins_no_pause_and_one_that_panics_does() {
    let (_, _, layer) = bench(&[Step::Hang, Step::Panic]);
    let hung = tokio::spawn(layer.clone().call(of(0)));
    tokio::task::yield_now().await;
    hung.abort();
    assert!(hung.await.unwrap_err().is_cancelled());
    assert_eq!(layer.resting(), 0);
    let panicked = tokio::spawn(layer.clone().call(of(0)));
    assert!(panicked.await.unwrap_err().is_panic());
    assert_eq!(layer.call(of(0)).await, refused(100));
}

#[tokio::test(start_paused = true)]
async fn a_lone_server_rests_too_and_says_until_when() {
    let (_, _, layer) = bench(&[Step::Fail]);
    let world = TestWorld::new();
    assert_eq!(layer.status(world.now()), Status::Ready);
    assert!(layer.clone().call(of(0)).await.is_err());
    assert_eq!(layer.status(world.now()), Status::Rests { until: world.now() + ms(100) });
    world.sleep(ms(100)).await;
    assert_eq!(layer.status(world.now()), Status::Ready);
    assert_eq!(layer.status(at(0)), Status::Rests { until: at(100) }, "as of then");
}

#[tokio::test(start_paused = true)]
async fn a_balancer_around_it_leaves_a_resting_endpoint_alone() {
    let ((down, _, first), (up, _, second)) = (bench(&[Step::Fail]), bench(&[Step::Ok]));
    let balance = BalanceLayer::new(
        BalanceConfig { kind: BalanceKind::LeastConnections },
        env(TestWorld::new(), &Arc::default()),
        vec![first as TestCall, second as TestCall],
    );
    for _ in 0..50 {
        let _ = balance.clone().call(of(0)).await;
    }
    assert_eq!((down.seen().len(), up.seen().len()), (1, 49));
}
