use cascadia_runtime::Draw;

use super::party::{Party, Side};
use crate::laws::Law;

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
    /// What a component sends on its own comes a second time, so many nanoseconds later. A request and its
    /// answer come once: they are told apart by who waits for them.
    Twice {
        /// How much later.
        add: u64,
    },
    /// It takes so many nanoseconds longer, and what was sent after it on its connection does not wait for
    /// it.
    Overtaken {
        /// How much longer.
        add: u64,
    },
}

/// What happens to a message.
pub type MetBy = dyn Fn(&Passage) -> Fate + Send + Sync;

/// A message on its way, as a fault sees it. What is drawn for it depends on the message and the
/// fault alone, so the same message meets the same fate whatever the policies do.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    pub(super) sender: Party,
    pub(super) receiver: Party,
    /// The draws of the message.
    pub(super) key: u64,
    /// The draws of the fault and of this kind of message.
    pub(super) step: u64,
    /// How many of this kind were sent before.
    pub(super) number: u64,
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

    /// So many nanoseconds by a law, if it is one of this share of messages.
    pub fn sampled(&self, share: f64, law: &Law) -> Option<u64> {
        let mut draw = self.draw();
        (share > 0.0 && draw.unit() < share).then(|| law.sample(&mut draw))
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
    use crate::ids::{Instance, LoadId, ServiceId};

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
