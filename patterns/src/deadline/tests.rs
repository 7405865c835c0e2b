use std::sync::Arc;

use cascadia_runtime::{Runtime, TokioWorld};

use super::{DeadlineConfig, DeadlineLayer, expired};
use crate::call::{Call, Context, Failure, Layer, Reason, Rejection};
use crate::testing::{Recorder, Server, Step, at, env, ms};

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
    let config = DeadlineConfig { min_remaining: ms(2) };
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
