use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::{Runtime, Task};

use super::relay::{Relay, RelayCounts, Round};
use crate::store::{Revision, Watch};
use crate::sync::{before, lock};

/// A relay at work, until it is dropped.
#[derive(Debug)]
pub struct Relaying<R: Runtime> {
    task: R::Task,
    counts: Arc<Mutex<RelayCounts>>,
}

impl<R: Runtime> Relaying<R> {
    /// Has a relay work beside. It looks when something was written to the outbox, and from time to time.
    pub fn start(relay: Relay<R>) -> Self {
        let (world, counts) = (relay.world.clone(), Arc::clone(&relay.counts));
        Self { task: world.spawn(run(relay)), counts }
    }

    /// What it has done so far.
    pub fn counts(&self) -> RelayCounts {
        *lock(&self.counts)
    }
}

impl<R: Runtime> Drop for Relaying<R> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run<R: Runtime>(mut relay: Relay<R>) {
    let mut seen = Revision::ZERO;
    loop {
        // What is written from here on wakes it.
        let before_round = relay.store.revision().await;
        let rest = match relay.round().await {
            Ok(Round::Relayed(_)) => continue,
            Ok(Round::Idle) | Err(_) => relay.config.query_delay,
            Ok(Round::Elsewhere(until)) => wait_for(&relay, until.since(relay.world.wall())),
        };
        seen = before_round.unwrap_or(seen);
        let until = relay.world.now() + rest;
        let mut watch = Watch::new(&relay.store, relay.rows.all(), seen);
        // Changes that are forgotten, or a store that is away: it is looked at again in time.
        let added = before(&relay.world, until, Box::pin(watch.next())).await;
        if matches!(added, Some(Err(_))) {
            relay.world.sleep_until(until).await;
        }
    }
}

/// Another one is at work: there is nothing to be done before its lease is over.
fn wait_for<R: Runtime>(relay: &Relay<R>, left: Duration) -> Duration {
    (left + relay.config.skew).max(relay.config.query_delay)
}
