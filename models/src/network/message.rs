use cascadia_runtime::Draw;

use crate::draws;

/// What travels, as its draws know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message {
    /// What all draws for it are made of.
    pub(crate) key: u64,
    pub(crate) kind: Kind,
    /// How many of this key and kind were sent before.
    pub(crate) number: u64,
}

/// A kind of what travels. Its draws are told apart by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Request = 1,
    Answer = 2,
    Cancel = 3,
    Begun = 4,
    /// What a component sends on its own.
    Own = 5,
    /// A packet of a byte stream.
    Packet = 6,
}

/// What a draw decides.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Latency,
    Loss,
    /// What fault number so many does.
    Fault(usize),
}

impl Message {
    /// The first of its key and kind.
    pub(crate) const fn first(key: u64, kind: Kind) -> Self {
        Self { key, kind, number: 0 }
    }

    pub(super) fn draw(&self, purpose: Purpose) -> Draw {
        Draw::new(self.key, self.step(purpose), self.number)
    }

    /// What tells draws of this kind for a purpose apart from all others.
    pub(super) const fn step(&self, purpose: Purpose) -> u64 {
        let kind = self.kind as u8;
        let purpose = match purpose {
            Purpose::Latency => draws::Purpose::Latency(kind),
            Purpose::Loss => draws::Purpose::Loss(kind),
            Purpose::Fault(index) => draws::Purpose::LinkFault(index, kind),
        };
        purpose.tag()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_kind_another_purpose_and_a_second_of_a_kind_are_other_draws() {
        let first = Message::first(7, Kind::Request);
        let draw = |message: Message, purpose| message.draw(purpose).next_u64();
        let draws = [
            draw(first, Purpose::Latency),
            draw(first, Purpose::Loss),
            draw(first, Purpose::Fault(0)),
            draw(first, Purpose::Fault(1)),
            draw(Message { number: 1, ..first }, Purpose::Latency),
            draw(Message { kind: Kind::Answer, ..first }, Purpose::Latency),
            draw(Message { key: 8, ..first }, Purpose::Latency),
        ];
        for (at, one) in draws.iter().enumerate() {
            assert!(!draws[..at].contains(one), "draw {at} is that of another");
        }
        assert_eq!(draw(first, Purpose::Latency), draws[0]);
    }
}
