//! madsim. Its clock moves on by at least a millisecond, so its network is slower than asked for;
//! what counts here is what a round trip costs to compute.

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::{Duration, Instant};

use madsim::Request;
use madsim::net::Endpoint;
use madsim::runtime::{Handle, Runtime};
use madsim::time::{sleep, timeout};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::workload::{ARMED, LIMIT, Times, WORK, Workload};

pub(crate) fn run(workload: Workload, operations: u64) -> Option<Duration> {
    let mut config = madsim::Config::default();
    config.net.send_latency = Duration::from_micros(100)..Duration::from_micros(101);
    let runtime = Runtime::with_seed_and_config(1, config);
    let began = Instant::now();
    if workload == Workload::Stream {
        runtime.block_on(calls_remote(operations));
    } else {
        runtime.block_on(all(workload, operations));
    }
    Some(began.elapsed())
}

async fn all(workload: Workload, operations: u64) {
    let each = workload.each(operations);
    let task = |number| {
        let times = Times::of_task(number);
        match workload {
            Workload::Sleep1k | Workload::Sleep100k => madsim::task::spawn(sleeps(times, each)),
            Workload::TimeoutOne | Workload::TimeoutMany => madsim::task::spawn(calls(each)),
            Workload::PingPong => madsim::task::spawn(ping_pong(each)),
            Workload::SpawnJoin => madsim::task::spawn(spawns(each)),
            Workload::Churn => madsim::task::spawn(churns(times, each / ARMED as u64)),
            Workload::Stream => unreachable!("it is elsewhere"),
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
    madsim::task::spawn(async move {
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
        madsim::task::spawn(async {}).await.expect("it ends");
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

#[derive(Serialize, Deserialize, Request)]
#[rtype("()")]
struct Echo;

async fn calls_remote(count: u64) {
    let handle = Handle::current();
    let server = handle.create_node().ip([10, 0, 0, 1].into()).build();
    let client = handle.create_node().ip([10, 0, 0, 2].into()).build();
    server.spawn(async {
        let endpoint = Endpoint::bind("10.0.0.1:80").await.expect("the address is free");
        endpoint.add_rpc_handler_with_data(|_: Echo, data| async move { ((), data.to_vec()) });
        std::future::pending::<()>().await;
    });
    let calls = client.spawn(async move {
        sleep(Duration::from_secs(1)).await;
        let endpoint = Endpoint::bind("10.0.0.2:0").await.expect("the address is free");
        let server = "10.0.0.1:80".parse().expect("an address");
        for _ in 0..count {
            endpoint.call_with_data(server, Echo, &[0; 64]).await.expect("it is echoed");
        }
    });
    calls.await.expect("it ends");
}
