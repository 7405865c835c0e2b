use std::sync::Arc;

use cascadia_sim_core::Local;

use super::links::{Links, Source};
use super::message::Message;
use super::party::Party;
use super::passage::{Fate, MetBy, Passage};
use super::wire::Wire;

/// The links of a world and the faults in force on them.
#[derive(Default)]
pub(crate) struct Fabric {
    links: Links,
    faults: Local<Vec<(Disturbance, Arc<MetBy>)>>,
}

/// By whom something goes wrong, until they end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disturbance {
    /// The fault of a plan, by its number.
    Fault(usize),
    /// A cut from one to another.
    Cut(Party, Party),
}

impl Fabric {
    pub(crate) fn new(links: Links) -> Self {
        Self { links, faults: Local::default() }
    }

    /// The way of what `caller` sends to `target`.
    pub(crate) fn wire(&self, caller: Party, target: Party) -> Wire {
        let own = match (caller, target) {
            (Party::Load(load), Party::Instance(target)) => {
                self.links.get(Source::Load(load), target.service)
            }
            (Party::Instance(caller), Party::Instance(target)) => {
                self.links.get(Source::Service(caller.service), target.service)
            }
            _ => self.links.default.as_ref(),
        };
        Wire { sender: caller, receiver: target, link: own.cloned() }
    }

    /// How many nanoseconds a message takes over a wire, or `None` where it is lost.
    pub(crate) fn delay(&self, wire: &Wire, message: &Message) -> Option<u64> {
        let nanos = match &wire.link {
            Some(link) => link.delay(message)?,
            None => 0,
        };
        let faults = self.faults.borrow_mut();
        if faults.is_empty() { Some(nanos) } else { disturbed(&faults, wire, message, nanos) }
    }

    /// Something begins to go wrong.
    pub(crate) fn begin(&self, disturbance: Disturbance, effect: Arc<MetBy>) {
        self.faults.borrow_mut().push((disturbance, effect));
    }

    /// It ends.
    pub(crate) fn end(&self, disturbance: Disturbance) {
        self.faults.borrow_mut().retain(|(held, _)| *held != disturbance);
    }
}

/// The delay of a message under faults, or `None` where they lose it.
fn disturbed(
    faults: &[(Disturbance, Arc<MetBy>)],
    wire: &Wire,
    message: &Message,
    nanos: u64,
) -> Option<u64> {
    let (mut nanos, mut added) = (nanos as f64, 0_u64);
    for (disturbance, effect) in faults {
        match effect(&passage(*disturbance, wire, message)) {
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

/// A message as what goes wrong sees it.
fn passage(disturbance: Disturbance, wire: &Wire, message: &Message) -> Passage {
    let number = match disturbance {
        Disturbance::Fault(index) => index,
        // A cut draws nothing.
        Disturbance::Cut(..) => 0,
    };
    Passage {
        sender: wire.sender,
        receiver: wire.receiver,
        key: message.key,
        step: message.fault(number),
        number: message.number,
    }
}
