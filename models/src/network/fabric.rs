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

/// How a message comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Travel {
    /// How long it takes.
    pub(crate) nanos: u64,
    /// How much later it comes once more.
    pub(crate) again: Option<u64>,
    /// What is sent after it does not wait for it.
    pub(crate) overtaken: bool,
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
    #[inline]
    pub(crate) fn delay(&self, wire: &Wire, message: &Message) -> Option<u64> {
        let nanos = undisturbed(wire, message)?;
        let faults = self.faults.borrow_mut();
        match faults.is_empty() {
            true => Some(nanos),
            false => Some(disturbed(&faults, wire, message, nanos)?.nanos),
        }
    }

    /// How a message comes over a wire, or `None` where it is lost.
    pub(crate) fn travel(&self, wire: &Wire, message: &Message) -> Option<Travel> {
        let nanos = undisturbed(wire, message)?;
        let faults = self.faults.borrow_mut();
        match faults.is_empty() {
            true => Some(Travel { nanos, again: None, overtaken: false }),
            false => disturbed(&faults, wire, message, nanos),
        }
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

/// How many nanoseconds a message takes where nothing is wrong.
#[inline]
fn undisturbed(wire: &Wire, message: &Message) -> Option<u64> {
    wire.link.as_ref().map_or(Some(0), |link| link.delay(message))
}

/// How a message comes under faults, or `None` where they lose it.
fn disturbed(
    faults: &[(Disturbance, Arc<MetBy>)],
    wire: &Wire,
    message: &Message,
    nanos: u64,
) -> Option<Travel> {
    let (mut nanos, mut added) = (nanos as f64, 0_u64);
    let (mut again, mut overtaken) = (None, false);
    for (disturbance, effect) in faults {
        match effect(&passage(*disturbance, wire, message)) {
            Fate::Untouched => {}
            Fate::Lost => return None,
            Fate::Delayed { factor, add } => {
                nanos *= factor;
                added = added.saturating_add(add);
            }
            Fate::Twice { add } => again = Some(add),
            Fate::Overtaken { add } => {
                added = added.saturating_add(add);
                overtaken = true;
            }
        }
    }
    Some(Travel { nanos: (nanos as u64).saturating_add(added), again, overtaken })
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
