//! Open loop: requests come when they come, whatever becomes of those before.

use std::sync::Arc;

use cascadia_runtime::{Runtime, Stream, Time};

use super::Sender;
use crate::laws::nearest;

const SECOND: f64 = 1e9;

/// A Poisson process with `rate` requests a second.
pub(super) async fn poisson(sender: Arc<Sender>, rate: f64) {
    let mut gaps = stream(&sender, "arrivals");
    let mean = SECOND / rate;
    let mut at = sender.plan().from;
    let next = move |_| {
        at = at.after(nearest(gaps.exponential() * mean));
        at
    };
    send_at(sender, next).await;
}

/// `rate` requests a second, evenly spaced, the first at the beginning.
pub(super) async fn constant(sender: Arc<Sender>, rate: f64) {
    let from = sender.plan().from;
    let gap = SECOND / rate;
    let next = move |count| from.after(nearest(count as f64 * gap));
    send_at(sender, next).await;
}

/// Sends request number `count` at `next(count)`.
async fn send_at(sender: Arc<Sender>, mut next: impl FnMut(u64) -> Time) {
    let mut keys = stream(&sender, "demand");
    let mut clients = stream(&sender, "population");
    let population = u64::from(sender.plan().population);
    let until = sender.plan().until;
    for count in 0.. {
        let at = next(count);
        if at >= until {
            return;
        }
        sender.sim().sleep_until(at).await;
        let key = keys.next_u64();
        let client = clients.below(population) as u32;
        sender.spawn(Arc::clone(&sender).send(client, key, at));
    }
}

fn stream(sender: &Sender, purpose: &str) -> Stream {
    sender.sim().stream(sender.identity().name(purpose), 0)
}
