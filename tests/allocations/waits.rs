//! Calls that wait for a permit allocate no more than calls that do not, however many wait.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context as Wakening, Poll, Waker};
use std::time::Duration;

use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer, KeyedBulkheadConfig, PoolConfig};
use cascadia_patterns::call::{Context, call_fn};
use cascadia_patterns::sample::Route;
use cascadia_patterns::shed::{DisciplineConfig, Order, QueueConfig, QueueLayer};

use super::stacks::{env, on_tokio};
use super::{ROUNDS, allocations};

const CROWD: u64 = 30;
const LONG: Duration = Duration::from_secs(3_600);

/// Layers with one permit each.
fn layers(server: &Route) -> Vec<(&'static str, Route)> {
    let each = BulkheadConfig { limit: 1, max_wait: LONG, max_waiting: None };
    let keyed = KeyedBulkheadConfig { each, max_keys: 1 };
    let pool = PoolConfig { core: 1, max: 1, ..PoolConfig::default() };
    let queue = |order| {
        let discipline = DisciplineConfig { order, codel: None };
        let config = QueueConfig { limit: 1, max_waiting: None, discipline };
        QueueLayer::new(config, None, env(), server.clone()) as Route
    };
    vec![
        ("bulkhead", BulkheadLayer::new(each, env(), server.clone())),
        ("keyed", BulkheadLayer::keyed(keyed, Box::new(|_| 1), env(), server.clone())),
        ("pool", BulkheadLayer::pool(pool, env(), server.clone())),
        ("fifo", queue(Order::Fifo)),
        ("lifo", queue(Order::Lifo)),
    ]
}

#[test]
fn a_crowd_that_waits_allocates_a_future_each_and_the_server_one() {
    on_tokio(|| {
        let open = Arc::new(AtomicBool::new(false));
        let door = Arc::clone(&open);
        let server: Route = call_fn(move |_: Context| {
            let door = Arc::clone(&door);
            let opens = move |_: &mut Wakening<'_>| match door.load(Ordering::Relaxed) {
                true => Poll::Ready(Ok(7)),
                false => Poll::Pending,
            };
            poll_fn(opens)
        });
        for (name, route) in layers(&server) {
            let mut calls = Vec::with_capacity(CROWD as usize);
            let mut wakening = Wakening::from_waker(Waker::noop());
            let count = allocations(|now| {
                if now.as_nanos() / 1_000_000 % CROWD > 0 {
                    return;
                }
                open.store(false, Ordering::Relaxed);
                calls.extend((0..CROWD).map(|_| Arc::clone(&route).call(Context::default())));
                for call in &mut calls {
                    assert!(call.as_mut().poll(&mut wakening).is_pending());
                }
                open.store(true, Ordering::Relaxed);
                while !calls.is_empty() {
                    calls.retain_mut(|call| call.as_mut().poll(&mut wakening).is_pending());
                }
            });
            let crowds = (ROUNDS..2 * ROUNDS).filter(|round| round % CROWD == 0).count() as u64;
            assert_eq!(count, 2 * CROWD * crowds, "{name}");
        }
    });
}
