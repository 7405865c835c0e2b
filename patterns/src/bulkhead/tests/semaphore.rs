use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Task};
use proptest::prelude::*;

use crate::bulkhead::compartments::{Compartments, Kind};
use crate::bulkhead::core::rejection;
use crate::bulkhead::{Admission, Bulkhead, BulkheadConfig, BulkheadLayer, Ticket};
use crate::call::{Call, Context, Failure, Reason};
use crate::gate::Waitroom;
use crate::testing::{Recorder, Server, Step, TestOutcome, TestWorld, at, end, env, ms};

type TestLayer = BulkheadLayer<TestWorld, Context, u32, &'static str>;

fn config(limit: u32, max_wait: Duration) -> BulkheadConfig {
    BulkheadConfig { limit, max_wait, max_waiting: None }
}

fn queued(core: &mut Bulkhead) -> Ticket {
    match core.on_call() {
        Admission::Queued { ticket, .. } => ticket,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_full_bulkhead_refuses_who_may_not_wait() {
    let mut core = Bulkhead::new(config(1, Duration::ZERO));
    assert_eq!(core.on_call(), Admission::Granted);
    assert_eq!(core.on_call(), Admission::Rejected(rejection(Reason::FULL)));
    assert_eq!(core.on_released(), None);
    assert_eq!(core.on_call(), Admission::Granted);
}

#[test]
fn so_many_may_wait_and_no_more() {
    let mut core = Bulkhead::new(BulkheadConfig { max_waiting: Some(1), ..config(1, ms(5)) });
    assert_eq!(core.on_call(), Admission::Granted);
    assert!(matches!(core.on_call(), Admission::Queued { most, .. } if most == ms(5)));
    assert_eq!(core.on_call(), Admission::Rejected(rejection(Reason::FULL)));
}

#[test]
fn waiters_are_served_in_the_order_they_came() {
    let mut core = Bulkhead::new(config(1, ms(5)));
    assert_eq!(core.on_call(), Admission::Granted);
    let [first, second, third] = [(); 3].map(|()| queued(&mut core));
    assert_eq!(core.on_left(second), None);
    assert_eq!(core.on_released(), Some(first));
    assert!(!core.on_claimed(third));
    assert!(core.on_claimed(first));
    assert_eq!(core.on_released(), Some(third));
    assert_eq!((core.in_flight(), core.waiting()), (1, 0));
}

#[test]
fn a_waiter_that_leaves_with_its_permit_unclaimed_hands_it_on() {
    let mut core = Bulkhead::new(config(1, ms(5)));
    assert_eq!(core.on_call(), Admission::Granted);
    let [first, second] = [(); 2].map(|()| queued(&mut core));
    assert_eq!(core.on_released(), Some(first));
    assert_eq!(core.on_left(first), Some(second));
    assert_eq!(core.on_left(second), None);
    assert_eq!(core.in_flight(), 0);
}

/// On several threads permits may come back before the first waiter is woken.
#[test]
fn every_permit_that_comes_back_wakes_a_waiter() {
    let mut core = Compartments::new(Kind::Semaphore(Bulkhead::new(config(2, ms(5)))));
    let admissions: Vec<_> = (0..4).map(|_| core.on_call(|| at(0), 0).1).collect();
    (0..2).for_each(|_| core.on_released(|| at(1), 0));
    for admission in &admissions[2..] {
        let Admission::Queued { ticket, .. } = admission else { panic!("{admission:?}") };
        assert_eq!(core.poll_over(), Some((0, *ticket)));
    }
    assert_eq!(core.poll_over(), None);
}

proptest! {
    #[test]
    fn permits_are_conserved(
        limit in 1u32..4,
        events in prop::collection::vec((0u8..4, 0usize..8), 0..200),
    ) {
        let mut core = Bulkhead::new(config(limit, ms(1)));
        let (mut held, mut queue, mut granted) = (0u32, Vec::new(), Vec::new());
        for (event, index) in events {
            let mut next = None;
            match event {
                0 => match core.on_call() {
                    Admission::Granted => held += 1,
                    Admission::Queued { ticket, .. } => queue.push(ticket),
                    Admission::Rejected(rejection) => prop_assert!(false, "{rejection:?}"),
                },
                1 if held > 0 => {
                    held -= 1;
                    next = core.on_released();
                }
                2 if index < queue.len() => prop_assert_eq!(core.on_left(queue.remove(index)), None),
                2 if !granted.is_empty() => next = core.on_left(granted.remove(0)),
                3 if !granted.is_empty() => {
                    prop_assert!(core.on_claimed(granted.remove(0)));
                    held += 1;
                }
                _ => {}
            }
            if let Some(ticket) = next {
                prop_assert_eq!(ticket, queue.remove(0), "first come, first served");
                granted.push(ticket);
            }
            prop_assert_eq!(core.in_flight(), held + granted.len() as u32);
            prop_assert!(core.in_flight() <= limit);
            prop_assert_eq!(core.waiting() as usize, queue.len());
            prop_assert!(queue.is_empty() || core.in_flight() == limit, "nobody waits for nothing");
        }
    }
}

fn layer(config: BulkheadConfig, script: &[Step]) -> (TestWorld, Arc<Recorder>, Arc<TestLayer>) {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let server = Server::new(world, script);
    let layer = BulkheadLayer::new(config, env(world, &observe), server);
    (world, observe, layer)
}

fn start(layer: &Arc<TestLayer>) -> tokio::task::JoinHandle<TestOutcome> {
    tokio::spawn(layer.clone().call(Context::default()))
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_comes_exactly_in_time_is_taken() {
    let (world, _, layer) = layer(config(1, ms(10)), &[Step::OkAfter(ms(10))]);
    let first = start(&layer);
    let second = start(&layer);
    assert_eq!(end(first).await.unwrap(), Ok(7));
    assert_eq!(end(second).await.unwrap(), Ok(7));
    assert_eq!((world.now(), layer.in_flight()), (at(20), 0));
}

#[tokio::test(start_paused = true)]
async fn a_waiter_gives_up_in_time_and_takes_nothing_along() {
    let (world, observe, layer) = layer(config(1, ms(9)), &[Step::OkAfter(ms(10))]);
    let first = start(&layer);
    let second = start(&layer);
    let refused = Failure::Rejected(rejection(Reason::WAITED_TOO_LONG));
    assert_eq!(end(second).await.unwrap(), Err(refused));
    assert_eq!((world.now(), layer.waiting(), layer.in_flight()), (at(9), 0, 1));
    assert_eq!(observe.times(), [at(9)]);
    assert_eq!(end(first).await.unwrap(), Ok(7));
    assert_eq!(layer.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn cancelled_calls_and_waiters_leave_nothing_behind() {
    let (world, _, layer) = layer(config(1, Duration::MAX), &[Step::Hang, Step::Ok]);
    let hung = start(&layer);
    tokio::task::yield_now().await;
    let cancelled = layer.clone();
    let waiter = world.spawn(async move { drop(cancelled.call(Context::default()).await) });
    let last = start(&layer);
    tokio::task::yield_now().await;
    assert_eq!((layer.in_flight(), layer.waiting()), (1, 2));
    waiter.abort();
    tokio::task::yield_now().await;
    assert_eq!((layer.in_flight(), layer.waiting()), (1, 1));
    hung.abort();
    assert_eq!(end(last).await.unwrap(), Ok(7));
    assert_eq!((layer.in_flight(), layer.waiting()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_granted_waiter_that_is_dropped_before_it_runs_hands_its_permit_on() {
    let (_, _, layer) = layer(config(1, ms(60_000)), &[Step::Hang, Step::Ok]);
    let hung = start(&layer);
    tokio::task::yield_now().await;
    let mut waiter = layer.clone().call(Context::default());
    std::future::poll_fn(|context| {
        assert!(waiter.as_mut().poll(context).is_pending());
        std::task::Poll::Ready(())
    })
    .await;
    let last = start(&layer);
    tokio::task::yield_now().await;
    hung.abort();
    tokio::task::yield_now().await;
    assert_eq!((layer.in_flight(), layer.waiting()), (1, 1));
    drop(waiter);
    assert_eq!(end(last).await.unwrap(), Ok(7));
    assert_eq!(layer.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_panic_gives_the_permit_back() {
    let (_, _, layer) = layer(config(1, Duration::ZERO), &[Step::Panic, Step::Ok]);
    assert!(start(&layer).await.unwrap_err().is_panic());
    assert_eq!(start(&layer).await.unwrap(), Ok(7));
}

#[test]
fn a_bulkhead_admits_someone() {
    assert_eq!(config(0, ms(0)).check().unwrap_err().field, "limit");
    assert_eq!(BulkheadConfig::default().check(), Ok(()));
}
