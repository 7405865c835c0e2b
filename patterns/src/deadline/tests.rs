use std::sync::Arc;

use cascadia_runtime::{Runtime, TokioWorld};

use super::{DeadlineConfig, DeadlineLayer, expired};
use crate::call::{Call, Context, Failure, Layer, Reason, Rejection};
use crate::testing::{Recorder, Server, Step, TestCall, at, env, ms};

fn due(millis: u64) -> Context {
    Context { deadline: Some(at(millis)), ..Context::default() }
}

#[test]
fn expired_means_after_the_deadline() {
    assert!(!expired(at(9), &due(10)));
    assert!(!expired(at(10), &due(10)));
    assert!(expired(at(11), &due(10)));
    assert!(!expired(at(u64::MAX / 2), &Context::default()));
}

#[tokio::test(start_paused = true)]
async fn a_late_request_is_refused_before_the_server() {
    let world = TokioWorld::new();
    let (server, observe) = (Server::new(world, &[Step::Ok]), Arc::<Recorder>::default());
    let config = DeadlineConfig { min_remaining: ms(2), ..DeadlineConfig::default() };
    let layer = DeadlineLayer::new(config, env(world, &observe), server.clone());
    world.sleep(ms(10)).await;

    assert_eq!(layer.clone().call(due(12)).await, Ok(7));
    let refused = Rejection {
        by: Layer::Deadline,
        reason: Reason::Expired,
        retry_after: None,
        safe_to_retry: false,
    };
    assert_eq!(layer.call(due(11)).await, Err(Failure::Rejected(refused)));
    assert_eq!(server.seen().len(), 1);
    assert_eq!(observe.signals().len(), 1);
}

/// tonic honours the deadline of a request and makes the calls on its behalf without one.
#[tokio::test(start_paused = true)]
async fn an_inbound_deadline_is_that_of_the_outbound_calls() {
    let world = TokioWorld::new();
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
    let deadlines: Vec<_> = server.seen().iter().map(|context| context.deadline).collect();
    assert_eq!(deadlines, [Some(at(95)), None, Some(at(0))]);
}
