//! Lines of many who wait.

use std::sync::Arc;
use std::task::{Context as Polling, Waker};
use std::time::{Duration, Instant};

use crate::bulkhead::{BulkheadConfig, BulkheadLayer, KeyedBulkheadConfig, PoolConfig};
use crate::call::Context;
use crate::shed::{QueueConfig, QueueLayer};
use crate::testing::{Server, Step, TestCall, TestWorld, safe};

use super::env;

const MANY: usize = 100_000;

/// Fifty times what this takes, and a part of what a line takes whose every leaver looks at the others.
const SOON: Duration = Duration::from_secs(5);

/// Layers in which one works and any number waits.
fn layers(inner: &TestCall) -> Vec<(&'static str, TestCall)> {
    let inner = || Arc::clone(inner);
    let each = BulkheadConfig { limit: 1, max_wait: Duration::MAX, max_waiting: None };
    let pool = PoolConfig { core: 1, max: 1, queue: u32::MAX, ..PoolConfig::default() };
    let keyed = KeyedBulkheadConfig { each, max_keys: 2 };
    let queue = QueueConfig { limit: 1, max_waiting: None, ..QueueConfig::default() };
    let key = Box::new(|request: &Context| request.baggage.priority.into());
    vec![
        ("bulkhead", BulkheadLayer::new(each, env(), inner())),
        ("keyed bulkhead", BulkheadLayer::keyed(keyed, key, env(), inner())),
        ("pool", BulkheadLayer::pool(pool, env(), inner())),
        ("queue", QueueLayer::new(queue, None, env(), inner())),
    ]
}

#[tokio::test(start_paused = true)]
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is claimed")]
async fn many_leave_a_line_in_any_order_soon() {
    let server: TestCall = Server::new(TestWorld::new(), &[Step::Hang]);
    type Order = fn(usize) -> usize;
    let orders: [(&str, Order); 3] = [
        ("first first", |at| at),
        ("last first", |at| MANY - 1 - at),
        // It shares no factor with the number of them.
        ("scattered", |at| at * 7_919 % MANY),
    ];
    for (order, place) in orders {
        for (name, layer) in layers(&server) {
            let mut polling = Polling::from_waker(Waker::noop());
            let mut calls: Vec<_> = (0..MANY)
                .map(|_| {
                    let mut call = Arc::clone(&layer).call(safe());
                    assert!(call.as_mut().poll(&mut polling).is_pending());
                    Some(call)
                })
                .collect();
            let began = Instant::now();
            for at in 0..MANY {
                drop(calls[place(at)].take());
            }
            let took = began.elapsed();
            assert!(took < SOON, "{name}, {order}: {took:?}");
        }
    }
}

#[test]
fn lines_are_bounded_where_nothing_else_is_said() {
    assert!(BulkheadConfig::default().max_waiting.is_some());
    assert!(QueueConfig::default().max_waiting.is_some());
}
