//! tokio with its clock paused: it moves on by whole milliseconds.

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::workload::{ARMED, LIMIT, Times, WORK, Workload};

pub(crate) fn run(workload: Workload, operations: u64) -> Option<Duration> {
    if workload == Workload::Stream {
        return None;
    }
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().expect("a runtime");
    let began = Instant::now();
    runtime.block_on(all(workload, operations));
    Some(began.elapsed())
}

/// Does a workload on the runtime that is entered.
pub(crate) async fn all(workload: Workload, operations: u64) {
    let each = workload.each(operations);
    let task = |number| {
        let times = Times::of_task(number);
        match workload {
            Workload::Sleep1k | Workload::Sleep100k => tokio::spawn(sleeps(times, each)),
            Workload::TimeoutOne | Workload::TimeoutMany => tokio::spawn(calls(each)),
            Workload::PingPong => tokio::spawn(ping_pong(each)),
            Workload::SpawnJoin => tokio::spawn(spawns(each)),
            Workload::Churn => tokio::spawn(churns(times, each / ARMED as u64)),
            Workload::Stream => unreachable!("there is no stream"),
        }
    };
    let tasks: Vec<_> = (0..workload.tasks()).map(task).collect();
    for task in tasks {
        task.await.expect("it ends");
    }
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

async fn ping_pong(count: u64) {
    let (there, mut from_here) = mpsc::channel(1);
    let (back, mut from_there) = mpsc::channel(1);
    tokio::spawn(async move {
        while let Some(message) = from_here.recv().await {
            if back.send(message).await.is_err() {
                return;
            }
        }
    });
    for number in 0..count {
        there.send(number).await.expect("the other listens");
        from_there.recv().await.expect("the other answers");
    }
}

async fn spawns(count: u64) {
    for _ in 0..count {
        tokio::spawn(async {}).await.expect("it ends");
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
