//! Our own kernel.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use cascadia_models::tcp::{Host, Link, Network, Settings};
use cascadia_runtime::{Listener, Net, Runtime, Time};
use cascadia_sim_core::{Sim, Simulation};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use crate::workload::{ARMED, LIMIT, Times, WORK, Workload};

const PORT: u16 = 80;
const BYTES: usize = 64;

pub(crate) fn run(workload: Workload, operations: u64) -> Option<Duration> {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    let each = workload.each(operations);
    let began = Instant::now();
    for number in 0..workload.tasks() {
        let times = Times::of_task(number);
        match workload {
            Workload::Sleep1k | Workload::Sleep100k => drop(sim.spawn(sleeps(sim, times, each))),
            Workload::TimeoutOne | Workload::TimeoutMany => drop(sim.spawn(calls(sim, each))),
            Workload::PingPong => drop(sim.spawn(ping_pong(sim, each))),
            Workload::SpawnJoin => drop(sim.spawn(spawns(sim, each))),
            Workload::Churn => drop(sim.spawn(churns(sim, times, each / ARMED as u64))),
            Workload::Stream => streams(sim, each),
        }
    }
    simulation.run_until(Time::from_nanos(u64::MAX >> 2)).expect("it runs");
    Some(began.elapsed())
}

async fn sleeps(sim: Sim, mut times: Times, count: u64) {
    for _ in 0..count {
        sim.sleep(times.next()).await;
    }
}

/// As our layers wait: the work is polled before its deadline.
async fn calls(sim: Sim, count: u64) {
    for _ in 0..count {
        let (mut work, mut limit) = (pin!(sim.sleep(WORK)), pin!(sim.deadline(sim.now() + LIMIT)));
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => limit.as_mut().poll(context),
        })
        .await;
    }
}

/// Sleeps now and then, as too much at one instant is reported as a livelock.
async fn ping_pong(sim: Sim, count: u64) {
    let (there, mut from_here) = mpsc::channel(1);
    let (back, mut from_there) = mpsc::channel(1);
    sim.spawn(async move {
        while let Some(message) = from_here.recv().await {
            if back.send(message).await.is_err() {
                return;
            }
        }
    });
    for number in 0..count {
        there.send(number).await.expect("the other listens");
        from_there.recv().await.expect("the other answers");
        breathe(sim, number).await;
    }
}

async fn spawns(sim: Sim, count: u64) {
    for number in 0..count {
        sim.spawn(async {}).await.expect("it ends");
        breathe(sim, number).await;
    }
}

async fn breathe(sim: Sim, number: u64) {
    if number.is_multiple_of(1_000) {
        sim.sleep(Duration::from_nanos(1)).await;
    }
}

async fn churns(sim: Sim, mut times: Times, count: u64) {
    for _ in 0..count {
        let mut timers: [_; ARMED] = std::array::from_fn(|_| Box::pin(sim.sleep(times.next())));
        poll_fn(|context| {
            timers.iter_mut().for_each(|timer| _ = timer.as_mut().poll(context));
            Poll::Ready(())
        })
        .await;
        let [kept, ..] = timers;
        kept.await;
    }
}

fn streams(sim: Sim, count: u64) {
    let link = Link::new(Duration::from_micros(100));
    let network = Network::new(sim, link, Settings::default());
    let (server, client) = (network.host("server"), network.host("client"));
    server.spawn(echo(server.clone()));
    client.spawn(ask(client.clone(), server, count));
}

async fn echo(server: Host) {
    let listener = server.listen(server.address(PORT)).await.expect("the port is free");
    let (mut stream, _) = listener.accept().await.expect("somebody dials");
    let mut buffer = [0; BYTES];
    while stream.read_exact(&mut buffer).await.is_ok() {
        stream.write_all(&buffer).await.expect("it is connected");
    }
}

async fn ask(client: Host, server: Host, count: u64) {
    let mut stream = client.dial(server.address(PORT)).await.expect("the server listens");
    let mut buffer = [0; BYTES];
    for _ in 0..count {
        stream.write_all(&buffer).await.expect("it is connected");
        stream.read_exact(&mut buffer).await.expect("it is echoed");
    }
}
