use cascadia_runtime::Draw;

use crate::draws::Purpose;

/// What travels, as its draws know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message {
    /// What all draws for it are made of.
    pub(crate) key: u64,
    pub(crate) kind: MessageKind,
    /// How many of this key and kind were sent before.
    pub(crate) number: u64,
}

/// A kind of what travels. Its draws are told apart by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageKind {
    Request = 1,
    Answer = 2,
    Cancel = 3,
    Begun = 4,
    /// What a component sends on its own.
    Own = 5,
    /// A packet of a byte stream.
    Packet = 6,
}

impl Message {
    /// The first of its key and kind.
    pub(crate) const fn first(key: u64, kind: MessageKind) -> Self {
        Self { key, kind, number: 0 }
    }

    /// How long a link holds it up.
    pub(super) fn latency(&self) -> Draw {
        self.draw(Purpose::Latency(self.kind as u8))
    }

    /// Whether a link loses it.
    pub(super) fn loss(&self) -> Draw {
        self.draw(Purpose::Loss(self.kind as u8))
    }

    /// What tells the draws of a fault for it apart from all others.
    pub(super) const fn fault(&self, index: usize) -> u64 {
        Purpose::LinkFault(index, self.kind as u8).tag()
    }

    #[inline]
    fn draw(&self, purpose: Purpose) -> Draw {
        Draw::new(self.key, purpose.tag(), self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_kind_another_purpose_and_a_second_of_a_kind_are_other_draws() {
        let first = Message::first(7, MessageKind::Request);
        let fault = |index| Draw::new(first.key, first.fault(index), first.number);
        let draws = [
            first.latency(),
            first.loss(),
            fault(0),
            fault(1),
            Message { number: 1, ..first }.latency(),
            Message { kind: MessageKind::Answer, ..first }.latency(),
            Message { key: 8, ..first }.latency(),
        ];
        let draws = draws.map(|mut draw| draw.next_u64());
        for (at, one) in draws.iter().enumerate() {
            assert!(!draws[..at].contains(one), "draw {at} is that of another");
        }
        assert_eq!(first.latency().next_u64(), draws[0]);
    }
}
