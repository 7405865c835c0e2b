//! What a balancer is told of an endpoint must not depend on the layers that the endpoint has.

use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::layers::{Build, Sample, put, samples};
use crate::call::{Context, Failure, Reason, Status, call_fn};
use crate::testing::{TestCall, TestWorld};

/// It rests while its circuit is open.
fn rests(sample: &Sample) -> bool {
    sample.refuses.is_some_and(|(.., reason)| reason == Reason::OPEN)
}

/// A circuit before a server that fails.
fn circuit(breaker: Build) -> TestCall {
    put(breaker, call_fn(|_: Context| async { Err(Failure::Service("down")) }))
}

#[tokio::test(start_paused = true)]
async fn an_open_circuit_is_seen_through_every_layer() {
    let circuits: Vec<_> = samples().filter(rests).collect();
    assert_eq!(circuits.len(), 2);
    for Sample { name: kind, tight: breaker, .. } in circuits {
        for Sample { name, tight, .. } in samples() {
            let (world, circuit) = (TestWorld::new(), circuit(breaker));
            let layer = put(tight, Arc::clone(&circuit));
            assert_eq!(layer.status(world.now()), Status::Ready, "{kind} in {name}");
            for _ in 0..20 {
                let _ = Arc::clone(&circuit).call(Context::default()).await;
            }
            let Status::Rests { until } = layer.status(world.now()) else {
                panic!("{kind} in {name}: its circuit is open");
            };
            world.sleep_until(until).await;
            assert_eq!(layer.status(world.now()), Status::Ready, "{kind} in {name}");
        }
    }
}
