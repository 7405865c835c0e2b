//! bach: an executor of its own, with a clock of whole nanoseconds.

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::{Duration, Instant};

use bach::ext::PrimaryExt;
use bach::time::{sleep, timeout};
use tokio::sync::mpsc;

use crate::workload::{ARMED, LIMIT, Times, WORK, Workload};

pub(crate) fn run(workload: Workload, operations: u64) -> Option<Duration> {
    if workload == Workload::Stream {
        return None;
    }
    let each = workload.each(operations);
    let began = Instant::now();
    bach::sim(|| {
        for number in 0..workload.tasks() {
            let times = Times::of_task(number);
            match workload {
                Workload::Sleep1k | Workload::Sleep100k => {
                    drop(bach::spawn(sleeps(times, each).primary()));
                }
                Workload::TimeoutOne | Workload::TimeoutMany => {
                    drop(bach::spawn(calls(each).primary()));
                }
                Workload::PingPong => drop(bach::spawn(ping_pong(each).primary())),
                Workload::SpawnJoin => drop(bach::spawn(spawns(each).primary())),
                Workload::Churn => {
                    drop(bach::spawn(churns(times, each / ARMED as u64).primary()));
                }
                Workload::Stream => unreachable!("there is no stream"),
            }
        }
    });
    Some(began.elapsed())
}

async fn sleeps(mut times: Times, count: u64) {
    for _ in 0..count {
        sleep(times.next()).await;
    }
}

async fn calls(count: u64) {
    for _ in 0..count {
        timeout(LIMIT, sleep(WORK)).await.expect("in time");
    }
}

/// Sleeps now and then, as too much at one instant is a panic.
async fn ping_pong(count: u64) {
    let (there, mut from_here) = mpsc::channel(1);
    let (back, mut from_there) = mpsc::channel(1);
    bach::spawn(async move {
        while let Some(message) = from_here.recv().await {
            if back.send(message).await.is_err() {
                return;
            }
        }
    });
    for number in 0..count {
        there.send(number).await.expect("the other listens");
        from_there.recv().await.expect("the other answers");
        breathe(number).await;
    }
}

async fn spawns(count: u64) {
    for number in 0..count {
        bach::spawn(async {}).await.expect("it ends");
        breathe(number).await;
    }
}

async fn breathe(number: u64) {
    if number.is_multiple_of(1_000) {
        sleep(Duration::from_nanos(1)).await;
    }
}

async fn churns(mut times: Times, count: u64) {
    for _ in 0..count {
        let mut timers: [_; ARMED] = std::array::from_fn(|_| Box::pin(sleep(times.next())));
        poll_fn(|context| {
            timers.iter_mut().for_each(|timer| _ = timer.as_mut().poll(context));
            Poll::Ready(())
        })
        .await;
        let [kept, ..] = timers;
        kept.await;
    }
}
