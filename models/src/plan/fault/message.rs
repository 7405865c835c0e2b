use cascadia_runtime::Draw;

use crate::laws::Law;
use crate::plan::{Instance, LoadId};

/// Somebody who sends or receives messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A source of load.
    Load(LoadId),
    /// A replica.
    Instance(Instance),
    /// A host of a network of byte streams that no plan knows of, from 0.
    Host(u32),
}

/// One side of what happens between two.
#[derive(Clone, Debug)]
pub struct Side(Option<Vec<Party>>);

impl Side {
    /// Everybody.
    pub fn everybody() -> Self {
        Self(None)
    }

    /// These.
    pub fn of(mut parties: Vec<Party>) -> Self {
        parties.sort_unstable();
        Self(Some(parties))
    }

    fn contains(&self, party: Party) -> bool {
        self.0.as_ref().is_none_or(|parties| parties.binary_search(&party).is_ok())
    }
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    /// Nothing.
    Untouched,
    /// It is lost without a trace.
    Lost,
    /// It takes longer.
    Delayed {
        /// Times the latency of the link.
        factor: f64,
        /// And so many nanoseconds more.
        add: u64,
    },
}

/// A message on its way, as a fault sees it. What is drawn for it depends on the message and the
/// fault alone, so the same message meets the same fate whatever the policies do.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    pub(crate) sender: Party,
    pub(crate) receiver: Party,
    /// The draws of the message.
    pub(crate) key: u64,
    /// The draws of the fault and of this kind of message.
    pub(crate) step: u64,
    /// How many of this kind were sent before.
    pub(crate) number: u64,
}

impl Passage {
    /// Whether it goes from one side to the other.
    pub fn passes(&self, from: &Side, to: &Side) -> bool {
        from.contains(self.sender) && to.contains(self.receiver)
    }

    /// Whether it goes from one side to the other, either way.
    pub fn passes_between(&self, one: &Side, other: &Side) -> bool {
        self.passes(one, other) || self.passes(other, one)
    }

    /// Whether it is one of this share of messages.
    pub fn drawn(&self, share: f64) -> bool {
        share > 0.0 && self.draw().unit() < share
    }

    /// So many nanoseconds by a law.
    pub fn sample(&self, law: &Law) -> u64 {
        law.sample(&mut self.draw())
    }

    fn draw(&self) -> Draw {
        Draw::new(self.key, self.step, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::ServiceId;

    #[test]
    fn a_message_passes_between_two_sides_whichever_sends() {
        let replica = |replica| Party::Instance(Instance { service: ServiceId(0), replica });
        let load = Party::Load(LoadId(0));
        let (front, back) = (Side::of(vec![load]), Side::of(vec![replica(2), replica(1)]));
        let there = Passage { sender: load, receiver: replica(1), key: 1, step: 1, number: 0 };
        let home = Passage { sender: replica(1), receiver: load, ..there };
        let elsewhere = Passage { receiver: replica(0), ..there };
        assert!(there.passes(&front, &back) && !home.passes(&front, &back));
        assert!(home.passes(&back, &front));
        for message in [there, home] {
            assert!(message.passes_between(&front, &back) && message.passes_between(&back, &front));
            assert!(message.passes_between(&Side::everybody(), &front));
        }
        assert!(!elsewhere.passes_between(&front, &back));
        assert!(elsewhere.passes(&front, &Side::everybody()));
    }
}
