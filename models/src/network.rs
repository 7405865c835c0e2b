//! What lies between nodes: links and what goes wrong on them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::Draw;

use crate::laws::Law;
use crate::plan::{Effect, Instance, Links, Party, Side, Source};
use crate::sync::lock;

/// A kind of message. Its draws are told apart by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    Request = 1,
    Answer = 2,
    Cancel = 3,
}

/// Draws of the network, told apart from those of work by their step.
const LATENCY: u64 = 1 << 40;
const LOSS: u64 = 2 << 40;
const FAULT: u64 = 3 << 40;

/// The network of a run. What a message meets is drawn from the key of its request, so the same
/// request meets the same latency whatever the policies do.
pub(crate) struct Network {
    links: Links,
    faults: Mutex<Vec<(usize, Arc<Effect>)>>,
}

impl Network {
    pub(crate) fn new(links: Links) -> Self {
        Self { links, faults: Mutex::default() }
    }

    /// How long a message takes, or `None` where it is lost. `from` is who sent the request, for
    /// its answer and its cancellation too.
    pub(crate) fn delay(
        &self,
        from: Party,
        to: Instance,
        message: Message,
        key: u64,
    ) -> Option<Duration> {
        let source = match from {
            Party::Load(load) => Source::Load(load),
            Party::Instance(instance) => Source::Service(instance.service),
        };
        let link = self.links.get(source, to.service);
        let faults = lock(&self.faults);
        if link.is_none() && faults.is_empty() {
            return Some(Duration::ZERO);
        }
        let step = message as u64;
        let lost = |step, rate| rate > 0.0 && Draw::new(key, step, 0).unit() < rate;
        if link.is_some_and(|link| lost(LOSS | step, link.loss)) {
            return None;
        }
        let law = link.and_then(|link| link.latency.as_ref());
        let mut nanos = law.map_or(0, |law| sample(law, key, LATENCY | step)) as f64;
        let (sender, receiver) = match message {
            Message::Answer => (Party::Instance(to), from),
            Message::Request | Message::Cancel => (from, Party::Instance(to)),
        };
        let mut added = 0;
        for (index, fault) in &*faults {
            let step = FAULT | ((*index as u64) << 8) | step;
            match &**fault {
                Effect::Partition { from, to, both } => {
                    let forward = contains(from, sender) && contains(to, receiver);
                    let back = contains(to, sender) && contains(from, receiver);
                    if forward || (*both && back) {
                        return None;
                    }
                }
                Effect::Loss { from, to, rate }
                    if either(from, to, sender, receiver) && lost(step, *rate) =>
                {
                    return None;
                }
                Effect::Latency { from, to, add, factor } if either(from, to, sender, receiver) => {
                    nanos *= factor;
                    added += add.as_ref().map_or(0, |law| sample(law, key, step));
                }
                _ => {}
            }
        }
        Some(Duration::from_nanos((nanos as u64).saturating_add(added)))
    }

    /// The link fault number `index` begins.
    pub(crate) fn begin(&self, index: usize, effect: Arc<Effect>) {
        lock(&self.faults).push((index, effect));
    }

    /// It ends.
    pub(crate) fn end(&self, index: usize) {
        lock(&self.faults).retain(|(held, _)| *held != index);
    }
}

fn sample(law: &Law, key: u64, step: u64) -> u64 {
    law.sample(&mut Draw::new(key, step, 0))
}

fn contains(side: &Side, party: Party) -> bool {
    side.0.as_ref().is_none_or(|parties| parties.binary_search(&party).is_ok())
}

fn either(from: &Side, to: &Side, sender: Party, receiver: Party) -> bool {
    (contains(from, sender) && contains(to, receiver))
        || (contains(to, sender) && contains(from, receiver))
}
