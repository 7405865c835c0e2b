//! What lies between nodes: links and what goes wrong on them.

use std::sync::Arc;

use cascadia_runtime::Draw;
use cascadia_sim_core::Local;

use crate::laws::Law;
use crate::plan::{Fate, Instance, LinkPlan, MetBy, Party, Passage, Plan, Source};

/// A kind of message. Its draws are told apart by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    Request = 1,
    Answer = 2,
    Cancel = 3,
    Begun = 4,
    /// What a component sends on its own.
    Own = 5,
}

/// Draws of the network, told apart from those of work by their step.
const LATENCY: u64 = 1 << 40;
const LOSS: u64 = 2 << 40;
const FAULT: u64 = 3 << 40;

/// The way between a caller and one replica.
pub(crate) struct Wire {
    from: Party,
    to: Instance,
    link: Option<LinkPlan>,
}

impl Wire {
    pub(crate) fn new(plan: &Plan, from: Party, to: Instance) -> Self {
        let source = match from {
            Party::Load(load) => Source::Load(load),
            Party::Instance(instance) => Source::Service(instance.service),
        };
        Self { from, to, link: plan.links.get(source, to.service).cloned() }
    }

    /// Who sends and who receives a message.
    fn ends(&self, message: Message) -> (Party, Party) {
        match message {
            Message::Answer | Message::Begun => (Party::Instance(self.to), self.from),
            Message::Request | Message::Cancel | Message::Own => {
                (self.from, Party::Instance(self.to))
            }
        }
    }
}

/// The network of a run. What a message meets is drawn from the key of its request, so the same
/// request meets the same latency whatever the policies do.
#[derive(Default)]
pub(crate) struct Network {
    faults: Local<Vec<(usize, Arc<MetBy>)>>,
}

impl Network {
    /// How many nanoseconds a message takes, or `None` where it is lost.
    pub(crate) fn delay(&self, wire: &Wire, message: Message, key: u64) -> Option<u64> {
        let step = message as u64;
        let mut nanos = 0;
        if let Some(link) = &wire.link {
            if lost(key, LOSS | step, link.loss) {
                return None;
            }
            nanos = link.latency.as_ref().map_or(0, |law| sample(law, key, LATENCY | step));
        }
        let faults = self.faults.borrow_mut();
        if faults.is_empty() { Some(nanos) } else { disturbed(&faults, wire, message, key, nanos) }
    }

    /// The link fault number `index` begins.
    pub(crate) fn begin(&self, index: usize, fault: Arc<MetBy>) {
        self.faults.borrow_mut().push((index, fault));
    }

    /// It ends.
    pub(crate) fn end(&self, index: usize) {
        self.faults.borrow_mut().retain(|(held, _)| *held != index);
    }
}

/// The delay of a message under faults, or `None` where they lose it.
fn disturbed(
    faults: &[(usize, Arc<MetBy>)],
    wire: &Wire,
    message: Message,
    key: u64,
    nanos: u64,
) -> Option<u64> {
    let (sender, receiver) = wire.ends(message);
    let (mut nanos, mut added) = (nanos as f64, 0_u64);
    for (index, fault) in faults {
        let step = FAULT | ((*index as u64) << 8) | message as u64;
        match fault(&Passage { sender, receiver, key, step }) {
            Fate::Untouched => {}
            Fate::Lost => return None,
            Fate::Delayed { factor, add } => {
                nanos *= factor;
                added = added.saturating_add(add);
            }
        }
    }
    Some((nanos as u64).saturating_add(added))
}

fn lost(key: u64, step: u64, rate: f64) -> bool {
    rate > 0.0 && Draw::new(key, step, 0).unit() < rate
}

fn sample(law: &Law, key: u64, step: u64) -> u64 {
    law.sample(&mut Draw::new(key, step, 0))
}
