use std::sync::Arc;

use cascadia_runtime::{Runtime, Time};
use proptest::prelude::*;

use crate::bulkhead::{Admission, BulkheadLayer, Pool, PoolConfig, Ticket};
use crate::call::{Call, Failure, Reason};
use crate::testing::{Recorder, Server, Step, TestWorld, at, end, env, ms, safe};

fn config(core: u32, max: u32, queue: u32) -> PoolConfig {
    PoolConfig { core, max, queue, keepalive: ms(20), ..PoolConfig::default() }
}

#[track_caller]
fn queued(admission: Admission) -> Ticket {
    let Admission::Queued { ticket, .. } = admission else { panic!("{admission:?}") };
    ticket
}

fn is_full(admission: Admission) -> bool {
    matches!(admission, Admission::Rejected(rejection) if rejection.reason == Reason::FULL)
}

/// Core, then queue, then maximum, then no more: the queue comes before the maximum.
#[test]
fn it_grows_to_the_core_then_queues_then_grows_to_the_maximum() {
    let mut pool = Pool::new(config(2, 4, 3));
    (0..2).for_each(|_| assert_eq!(pool.on_call(at(0)), Admission::Granted));
    let line: Vec<_> = (0..3).map(|_| queued(pool.on_call(at(0)))).collect();
    assert_eq!((pool.threads(), pool.waiting()), (2, 3));
    (0..2).for_each(|_| assert_eq!(pool.on_call(at(0)), Admission::Granted));
    assert!(is_full(pool.on_call(at(0))));
    assert_eq!((pool.threads(), pool.in_flight(), pool.waiting()), (4, 4, 3));
    for ticket in line {
        assert_eq!(pool.on_released(at(1)), Some(ticket), "first come, first served");
    }
}

/// A consequence of the rule that is easily missed.
#[test]
fn who_finds_the_queue_full_overtakes_it() {
    let mut pool = Pool::new(config(1, 2, 1));
    assert_eq!(pool.on_call(at(0)), Admission::Granted);
    let first = queued(pool.on_call(at(0)));
    assert_eq!(pool.on_call(at(5)), Admission::Granted, "the last that came runs first");
    assert!(!pool.on_claimed(first));
}

/// Without a queue calls go straight to a thread (Java's `SynchronousQueue`, the default of
/// Hystrix).
#[test]
fn without_a_queue_it_grows_to_the_maximum() {
    let mut pool = Pool::new(config(1, 3, 0));
    (0..3).for_each(|_| assert_eq!(pool.on_call(at(0)), Admission::Granted));
    assert!(is_full(pool.on_call(at(0))));
}

#[test]
fn a_thread_beyond_the_core_takes_calls_until_its_keepalive_is_over() {
    for (later, granted) in [(ms(20), true), (ms(21), false)] {
        let mut pool = Pool::new(config(1, 2, 1));
        assert_eq!(pool.on_call(at(0)), Admission::Granted);
        let waiter = queued(pool.on_call(at(0)));
        assert_eq!(pool.on_call(at(0)), Admission::Granted);
        assert_eq!(pool.on_released(at(1)), Some(waiter));
        assert!(pool.on_claimed(waiter));
        assert_eq!(pool.on_released(at(1)), None);
        let admission = pool.on_call(at(1) + later);
        assert_eq!(admission == Admission::Granted, granted, "{later:?}: {admission:?}");
    }
}

#[test]
fn threads_of_the_core_stay() {
    let mut pool = Pool::new(config(2, 2, 0));
    (0..2).for_each(|_| assert_eq!(pool.on_call(at(0)), Admission::Granted));
    (0..2).for_each(|_| assert_eq!(pool.on_released(at(1)), None));
    assert_eq!(pool.on_call(at(1_000_000)), Admission::Granted);
    assert_eq!(pool.threads(), 2);
}

#[test]
fn what_makes_no_pool_is_refused() {
    let field = |config: PoolConfig| config.check().unwrap_err().field;
    assert_eq!(field(config(0, 0, 0)), "max");
    assert_eq!(field(config(3, 2, 0)), "max");
    assert_eq!(field(config(0, 2, 5)), "core");
    assert_eq!(field(PoolConfig { max_wait: ms(0), ..config(1, 1, 1) }), "max_wait");
    assert_eq!(PoolConfig::default().check(), Ok(()));
}

proptest! {
    /// Threads are conserved whatever comes, waits, leaves and ends.
    #[test]
    fn threads_are_conserved(
        core in 1u32..4,
        more in 0u32..4,
        queue in 0u32..4,
        events in prop::collection::vec((0u8..4, 0usize..8, 0u64..30), 0..300),
    ) {
        let mut pool = Pool::new(config(core, core + more, queue));
        let (mut held, mut line, mut granted) = (0u32, Vec::new(), Vec::new());
        let mut now = Time::ZERO;
        for (event, which, gap) in events {
            now += ms(gap);
            let mut next = None;
            match event {
                0 => match pool.on_call(now) {
                    Admission::Granted => held += 1,
                    Admission::Queued { ticket, .. } => line.push(ticket),
                    Admission::Rejected(_) => {
                        prop_assert_eq!(pool.in_flight(), core + more);
                        prop_assert_eq!(pool.waiting(), queue);
                    }
                },
                1 if held > 0 => {
                    held -= 1;
                    next = pool.on_released(now);
                }
                2 if which < line.len() => {
                    prop_assert_eq!(pool.on_left(now, line.remove(which)), None);
                }
                2 if !granted.is_empty() => next = pool.on_left(now, granted.remove(0)),
                3 if !granted.is_empty() => {
                    prop_assert!(pool.on_claimed(granted.remove(0)));
                    held += 1;
                }
                _ => {}
            }
            if let Some(ticket) = next {
                prop_assert_eq!(ticket, line.remove(0), "first come, first served");
                granted.push(ticket);
            }
            prop_assert_eq!(pool.in_flight(), held + granted.len() as u32);
            prop_assert!(pool.in_flight() <= pool.threads() && pool.threads() <= core + more);
            prop_assert_eq!(pool.waiting() as usize, line.len());
            prop_assert!(line.is_empty() || pool.in_flight() >= core, "nobody waits for nothing");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_layer_runs_its_queue_off_and_leaks_nothing() {
    let (world, observe) = (TestWorld::new(), Arc::<Recorder>::default());
    let server = Server::new(world, &[Step::OkAfter(ms(10)), Step::Panic, Step::OkAfter(ms(10))]);
    let pool = BulkheadLayer::pool(config(1, 1, 2), env(world, &observe), server);
    let calls: Vec<_> = (0..3).map(|_| tokio::spawn(pool.clone().call(safe()))).collect();
    tokio::task::yield_now().await;
    assert!(matches!(pool.clone().call(safe()).await, Err(Failure::Rejected(_))));
    let mut ends = Vec::new();
    for call in calls {
        ends.push(end(call).await.map_err(|error| error.is_panic()));
    }
    assert_eq!(ends, [Ok(Ok(7)), Err(true), Ok(Ok(7))]);
    assert_eq!(world.now(), at(20));
    assert_eq!((pool.in_flight(), pool.waiting()), (0, 0));
}
