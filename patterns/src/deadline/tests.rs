use std::sync::Arc;

use cascadia_runtime::Runtime;
use proptest::prelude::*;

use super::{DeadlineConfig, DeadlineLayer, expired};
use crate::call::{Baggage, Call, Context, Failure, Layer, Reason, Rejection};
use crate::testing::{Recorder, Server, Step, TestCall, TestWorld, at, env, ms, safe};

fn due(millis: u64) -> Context {
    Context::new(Baggage { deadline: Some(at(millis)), ..Baggage::default() })
}

#[test]
fn expired_means_after_the_deadline() {
    assert!(!expired(at(9), &due(10).baggage));
    assert!(!expired(at(10), &due(10).baggage));
    assert!(expired(at(11), &due(10).baggage));
    assert!(!expired(at(u64::MAX / 2), &Baggage::default()));
}

#[tokio::test(start_paused = true)]
async fn a_late_request_is_refused_before_the_server() {
    let world = TestWorld::new();
    let (server, observe) = (Server::new(world, &[Step::Ok]), Arc::<Recorder>::default());
    let config = DeadlineConfig { min_remaining: ms(2), ..DeadlineConfig::default() };
    let layer = DeadlineLayer::new(config, env(world, &observe), server.clone());
    world.sleep(ms(10)).await;

    assert_eq!(layer.clone().call(due(12)).await, Ok(7));
    let refused = Rejection::new(Layer::DEADLINE, Reason::EXPIRED).for_good();
    assert_eq!(layer.call(due(11)).await, Err(Failure::Rejected(refused)));
    assert_eq!(server.seen().len(), 1);
    assert_eq!(observe.signals().len(), 1);
}

/// tonic honours the deadline of a request and makes the calls on its behalf without one.
#[tokio::test(start_paused = true)]
async fn an_inbound_deadline_is_that_of_the_outbound_calls() {
    let world = TestWorld::new();
    let (server, observe) = (Server::new(world, &[Step::Ok]), Arc::<Recorder>::default());
    let serve = |hop_margin, inner| {
        let config = DeadlineConfig { hop_margin, ..DeadlineConfig::default() };
        DeadlineLayer::new(config, env(world, &observe), inner)
    };
    let far = serve(ms(3), server.clone() as TestCall);
    let near = serve(ms(2), far);
    assert_eq!(near.clone().call(due(100)).await, Ok(7));
    assert_eq!(near.clone().call(Context::default()).await, Ok(7));
    assert_eq!(near.call(due(1)).await, Ok(7), "a margin ends where time begins");
    let deadlines: Vec<_> = server.seen().iter().map(|context| context.baggage.deadline).collect();
    assert_eq!(deadlines, [Some(at(95)), None, Some(at(0))]);
}

proptest! {
    /// Through any chain of hops a deadline only comes nearer, and what is begun had what it needs.
    #[test]
    fn a_deadline_never_moves_back(
        deadline in prop::option::of(0u64..100),
        begins in 0u64..100,
        hops in prop::collection::vec((0u64..10, 0u64..10), 0..5),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let world = TestWorld::new();
            let (server, observe) = (Server::new(world, &[Step::Ok]), Arc::<Recorder>::default());
            let layer = hops.iter().rev().fold(server.clone() as TestCall, |inner, hop| {
                let config = DeadlineConfig { min_remaining: ms(hop.0), hop_margin: ms(hop.1) };
                DeadlineLayer::new(config, env(world, &observe), inner)
            });
            world.sleep(ms(begins)).await;
            let outcome = layer.call(Context::new(Baggage { deadline: deadline.map(at), ..safe().baggage })).await;
            let mut left = deadline;
            let enough = hops.iter().all(|(least, margin)| {
                let enough = left.is_none_or(|left| begins + least <= left);
                left = left.map(|left| left.saturating_sub(*margin));
                enough
            });
            assert_eq!(outcome.is_ok(), enough, "{outcome:?}");
            let told: Vec<_> = server.seen().iter().map(|context| context.baggage.deadline).collect();
            assert_eq!(told, vec![left.map(at); enough.into()]);
        });
    }
}
