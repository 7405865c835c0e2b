//! Wakers, wherever they go.

use std::future::{pending, poll_fn};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use cascadia_runtime::{Runtime, Time};
use cascadia_sim_core::{Sim, Simulation};
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;

fn ns(nanos: u64) -> Duration {
    Duration::from_nanos(nanos)
}

/// Runs a task to its end.
fn run<F: Future<Output = ()> + Send + 'static>(task: impl FnOnce(Sim) -> F) {
    let mut simulation = Simulation::new(1);
    let task = task(simulation.sim());
    simulation.block_on(task).unwrap();
}

/// Waits, and says for how long.
async fn wait(sim: Sim, nanos: u64) -> u64 {
    sim.sleep(ns(nanos)).await;
    nanos
}

#[test]
fn combinators_wake_their_task() {
    run(|sim| async move {
        let mut sleeps: FuturesUnordered<_> =
            [30, 10, 20].into_iter().map(|nanos| wait(sim, nanos)).collect();
        let mut order = Vec::new();
        while let Some(nanos) = sleeps.next().await {
            order.push((nanos, sim.now().as_nanos()));
        }
        assert_eq!(order, [(10, 10), (20, 20), (30, 30)]);

        // More than thirty, so that they are not simply polled all.
        let joined = join_all((1..=100).map(|nanos| wait(sim, nanos))).await;
        assert_eq!((joined.len(), sim.now()), (100, Time::from_nanos(130)));

        tokio::select! {
            biased;
            () = pending() => unreachable!(),
            nanos = wait(sim, 1) => assert_eq!(nanos, 1),
        }
        assert_eq!(sim.now(), Time::from_nanos(131));
    });
}

#[test]
fn channels_and_locks_wake_tasks() {
    run(|sim| async move {
        let (sender, mut receiver) = tokio::sync::mpsc::channel(3);
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        let (held, notify) = (Arc::clone(&lock), Arc::new(tokio::sync::Notify::new()));
        let notified = Arc::clone(&notify);
        sim.spawn(async move {
            let guard = held.lock().await;
            for value in 0..3u64 {
                sim.sleep(ns(10)).await;
                sender.send(value).await.unwrap();
            }
            drop(guard);
            notified.notified().await;
            drop(sender);
        });
        sim.sleep(ns(1)).await;
        let guard = lock.lock().await;
        assert_eq!(sim.now(), Time::from_nanos(30), "the lock was held until the third was sent");
        drop(guard);
        notify.notify_one();
        let mut values = Vec::new();
        while let Some(value) = receiver.recv().await {
            values.push(value);
        }
        assert_eq!(values, [0, 1, 2]);
    });
}

#[test]
fn a_sleep_may_move_to_another_task() {
    run(|sim| async move {
        let mut sleep = Box::pin(sim.sleep(ns(5)));
        poll_fn(|context| Poll::Ready(sleep.as_mut().poll(context))).await.is_pending();
        sim.spawn(sleep).await.unwrap();
        assert_eq!(sim.now(), Time::from_nanos(5));
    });
}

/// A task that gives its waker away; it counts how often it is polled.
fn giver(kept: Arc<Mutex<Vec<Waker>>>) -> impl Future<Output = ()> + Send {
    poll_fn(move |context| {
        kept.lock().unwrap().push(context.waker().clone());
        Poll::Pending
    })
}

#[test]
fn a_late_wake_does_not_reach_the_next_task_of_the_slot() {
    run(|sim| async move {
        let kept = Arc::<Mutex<Vec<_>>>::default();
        let first = sim.spawn(giver(Arc::clone(&kept)));
        sim.sleep(ns(1)).await;
        cascadia_runtime::Task::abort(&first);
        assert!(first.await.is_err());
        let late = kept.lock().unwrap().pop().unwrap();

        let second = sim.spawn(giver(Arc::clone(&kept)));
        sim.sleep(ns(1)).await;
        late.wake_by_ref();
        sim.sleep(ns(1)).await;
        assert_eq!(kept.lock().unwrap().len(), 1, "the second is polled once");
        drop(second);
    });
}

#[test]
fn a_waker_may_be_dropped_late_and_never_used() {
    let kept = Arc::<Mutex<Vec<_>>>::default();
    let giver = giver(Arc::clone(&kept));
    run(|sim| async move {
        sim.spawn(giver);
        sim.sleep(ns(1)).await;
    });
    let waker = kept.lock().unwrap().pop().unwrap();
    run(|sim| async move { sim.sleep(ns(1)).await });
    waker.wake_by_ref();
    drop(waker);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a waker may be used on any thread")]
fn a_wake_may_come_from_another_thread() {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let (ready, thread) = std::sync::mpsc::channel();
    let other = std::thread::spawn(move || {
        thread.recv().unwrap();
        sender.send(7).unwrap();
    });
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    let value = simulation.block_on(async move {
        let mut receiver = std::pin::pin!(receiver);
        poll_fn(|context| Poll::Ready(receiver.as_mut().poll(context).is_pending())).await;
        ready.send(()).unwrap();
        let mut other = Some(other);
        loop {
            tokio::select! {
                biased;
                value = &mut receiver => return value.unwrap(),
                () = sim.sleep(ns(1)) => if let Some(other) = other.take() { other.join().unwrap() },
            }
        }
    });
    assert_eq!(value, Ok(7));
    let waker = Arc::<Mutex<Vec<_>>>::default();
    sim.spawn(giver(Arc::clone(&waker)));
    simulation.run_until(Time::from_nanos(100)).unwrap();
    drop(simulation);
    let waker = waker.lock().unwrap().pop().unwrap();
    std::thread::spawn(move || waker.wake()).join().unwrap();
}

#[test]
fn shuffled_tasks_run_in_an_order_of_the_seed() {
    let order = |seed| {
        let mut simulation = Simulation::new(1).shuffled(seed);
        let sim = simulation.sim();
        let order = Arc::<Mutex<Vec<u32>>>::default();
        for number in 0..8 {
            let order = Arc::clone(&order);
            sim.spawn(async move { order.lock().unwrap().push(number) });
        }
        simulation.run_until(Time::ZERO).unwrap();
        drop(simulation);
        Arc::into_inner(order).unwrap().into_inner().unwrap()
    };
    assert_eq!(order(1), order(1));
    assert_ne!(order(1), order(2));
    assert_eq!(
        {
            let mut sorted = order(3);
            sorted.sort_unstable();
            sorted
        },
        [0, 1, 2, 3, 4, 5, 6, 7]
    );
}
