//! The clock and the waits for it.

use std::future::{Future, pending};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use cascadia_runtime::{Runtime, Task, Time};

use super::bench::{Bench, Log, ms};

pub(crate) async fn it_never_goes_back<R: Runtime>(bench: Bench<R>) {
    let mut before = bench.world.now();
    for nanos in 0..20 {
        bench.world.sleep(Duration::from_nanos(nanos)).await;
        let now = bench.world.now();
        assert!(now >= before);
        before = now;
    }
}

pub(crate) async fn a_wait_takes_its_time<R: Runtime>(bench: Bench<R>) {
    let world = &bench.world;
    for duration in [1, 7, 999, 1_000, 1_000_001, 2_345_678].map(Duration::from_nanos) {
        let began = world.now();
        world.sleep(duration).await;
        bench.took(began, duration);
        let began = world.now();
        world.sleep_until(began + duration).await;
        bench.took(began, duration);
        let began = world.now();
        world.deadline(began + duration).await;
        bench.took(began, duration);
    }
}

pub(crate) async fn what_has_passed_is_not_waited_for<R: Runtime>(bench: Bench<R>) {
    bench.world.sleep(ms(1)).await;
    let began = bench.world.now();
    bench.world.sleep_until(Time::ZERO).await;
    bench.world.sleep_until(began).await;
    bench.world.sleep(Duration::ZERO).await;
    bench.world.deadline(Time::ZERO).await;
    bench.world.deadline(began).await;
    bench.took(began, Duration::ZERO);
}

pub(crate) async fn waits_end_in_the_order_of_their_times<R: Runtime>(bench: Bench<R>) {
    let log = Log::default();
    let began = bench.world.now();
    let tasks: Vec<_> = [9, 3, 7, 1, 5]
        .map(|millis| {
            let (bench, log) = (bench.clone(), log.clone());
            let wait = bench.world.sleep_until(began + ms(millis));
            bench.world.clone().spawn(async move {
                wait.await;
                bench.took(began, ms(millis));
                log.note(millis as u32);
            })
        })
        .into();
    for task in tasks {
        assert_eq!(task.await, Ok(()));
    }
    let notes = log.notes();
    assert!(notes == [1, 3, 5, 7, 9] || notes.len() == 5 && !bench.exact, "{notes:?}");
}

pub(crate) async fn a_wait_may_move_to_another_task<R: Runtime>(bench: Bench<R>) {
    let began = bench.world.now();
    let mut wait = Box::pin(bench.world.sleep(ms(3)));
    let polled = wait.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending() || !bench.exact);
    assert_eq!(bench.world.spawn(wait).await, Ok(()));
    bench.took(began, ms(3));
}

pub(crate) async fn a_dropped_wait_wakes_nobody<R: Runtime>(bench: Bench<R>) {
    let log = Log::default();
    let waker = Waker::from(Arc::new(log.clone()));
    for _ in 0..100 {
        let wait = pin!(bench.world.sleep(ms(5)));
        let polled = wait.poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending() || !bench.exact);
    }
    bench.world.sleep(ms(7)).await;
    assert!(log.notes().is_empty());
}

pub(crate) async fn a_wait_that_is_dropped_with_its_task_wakes_nobody<R: Runtime>(
    bench: Bench<R>,
) {
    let log = Log::default();
    let (world, noted) = (bench.world.clone(), log.clone());
    let task = bench.world.spawn(async move {
        world.sleep(ms(3)).await;
        noted.note(0);
        pending::<()>().await;
    });
    bench.world.sleep(ms(1)).await;
    task.abort();
    bench.world.sleep(ms(4)).await;
    assert!(log.notes().is_empty());
}
