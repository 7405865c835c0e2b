//! Channels and locks of tokio, which need no reactor, between tasks of any world.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cascadia_runtime::Runtime;
use tokio::sync::{Mutex, Notify, Semaphore, mpsc, oneshot};

use super::bench::{Bench, LONG, Log, ms};

pub(crate) async fn a_bounded_channel_holds_its_sender_back<R: Runtime>(bench: Bench<R>) {
    let (sender, mut receiver) = mpsc::channel(2);
    let (log, sent) = (Log::default(), Log::default());
    let noted = sent.clone();
    bench.detach(async move {
        for number in 0..6 {
            sender.send(number).await.unwrap();
            noted.note(number);
        }
    });
    bench.settle().await;
    assert_eq!(sent.notes(), [0, 1]);
    while let Some(number) = receiver.recv().await {
        log.note(number);
    }
    assert_eq!(log.notes(), [0, 1, 2, 3, 4, 5]);
}

pub(crate) async fn a_oneshot_brings_one_value<R: Runtime>(bench: Bench<R>) {
    let (sender, receiver) = oneshot::channel();
    let (world, began) = (bench.world.clone(), bench.world.now());
    bench.detach(async move {
        world.sleep(ms(2)).await;
        sender.send(7).unwrap();
    });
    assert_eq!(receiver.await, Ok(7));
    bench.took(began, ms(2));
}

pub(crate) async fn a_receiver_learns_that_its_sender_has_gone<R: Runtime>(bench: Bench<R>) {
    let (sender, receiver) = oneshot::channel::<()>();
    let (many, mut received) = mpsc::unbounded_channel();
    bench.detach(async move {
        let _dropped_unused = sender;
        many.send(1).unwrap();
    });
    assert!(receiver.await.is_err());
    assert_eq!((received.recv().await, received.recv().await), (Some(1), None));
}

pub(crate) async fn a_lock_is_handed_on<R: Runtime>(bench: Bench<R>) {
    let (lock, began) = (Arc::new(Mutex::new(0)), bench.world.now());
    for _ in 0..5 {
        let (lock, world) = (Arc::clone(&lock), bench.world.clone());
        bench.detach(async move {
            let mut value = lock.lock().await;
            let before = *value;
            world.sleep(ms(1)).await;
            *value = before + 1;
        });
    }
    bench.settle().await;
    while *lock.lock().await < 5 {
        bench.settle().await;
    }
    assert!(bench.world.now().since(began) >= ms(5), "one after the other");
}

pub(crate) async fn a_semaphore_never_gives_more_than_it_has<R: Runtime>(bench: Bench<R>) {
    let semaphore = Arc::new(Semaphore::new(3));
    let (held, done) = (Arc::new(AtomicU32::new(0)), Log::default());
    for number in 0..9 {
        let (semaphore, held) = (Arc::clone(&semaphore), Arc::clone(&held));
        let (world, done) = (bench.world.clone(), done.clone());
        bench.detach(async move {
            let _permit = semaphore.acquire().await.unwrap();
            assert!(held.fetch_add(1, Ordering::Relaxed) < 3);
            world.sleep(ms(2)).await;
            held.fetch_sub(1, Ordering::Relaxed);
            done.note(number);
        });
    }
    let began = bench.world.now();
    while done.notes().len() < 9 {
        bench.settle().await;
    }
    assert!(bench.world.now().since(began) >= ms(6), "three rounds");
}

pub(crate) async fn everyone_who_waits_is_notified<R: Runtime>(bench: Bench<R>) {
    let (bell, log) = (Arc::new(Notify::new()), Log::default());
    for number in 0..5 {
        let (bell, log) = (Arc::clone(&bell), log.clone());
        bench.detach(async move {
            bell.notified().await;
            log.note(number);
        });
    }
    bench.settle().await;
    assert!(log.notes().is_empty());
    bell.notify_waiters();
    bench.settle().await;
    assert_eq!(log.notes().len(), 5);
}

pub(crate) async fn the_first_that_is_ready_wins<R: Runtime>(bench: Bench<R>) {
    let began = bench.world.now();
    let winner = tokio::select! {
        biased;
        () = pending() => 0,
        () = bench.world.sleep(LONG) => 60,
        () = bench.world.sleep(ms(1)) => 1,
    };
    assert_eq!(winner, 1);
    bench.took(began, ms(1));
}
