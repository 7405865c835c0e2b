//! What is drawn for a request, told apart in one place.
//!
//! Every draw of a request is a mix of its key with the purpose of the draw, so that one more draw
//! of one kind changes none of another. A purpose is a word of three parts:
//!
//! ```text
//!  63          48 47     40 39                               0
//! ┌──────────────┬─────────┬──────────────────────────────────┐
//! │ of the model │ of the  │ which one of its kind: the step, │
//! │              │ network │ the message, the copy …          │
//! └──────────────┴─────────┴──────────────────────────────────┘
//! ```
//!
//! Two keys are in use. The key of a request is mixed with the number of a try, with its fallbacks,
//! with the think time before it and with what it is about. What comes of the first is the key of the try, and all else is
//! mixed into that. So a try and a step, which are bare numbers, do not meet.

/// What is drawn, or named, for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The key of a try by its number.
    Try(u16),
    /// What a step of a script draws, by the number of the step.
    Step(u64),
    /// How long a message is on its way, by its kind.
    Latency(u8),
    /// Whether a link loses a message.
    Loss(u8),
    /// What a link fault does to a message, by the number of the fault.
    LinkFault(usize, u8),
    /// The key of what a step calls.
    Call(u64),
    /// Whether an error fault meets the request, by the number of the fault.
    ErrorFault(usize),
    /// How long a client thinks before the request.
    Think,
    /// The key of what a fallback calls, by the place of its step.
    Fallback(u64),
    /// The key of a copy of a hedged try.
    Copy(u8),
    /// The trace of what a step calls, where that of the request is not handed on.
    Trace(u64),
    /// The key of what a step asks of a replica of its own store, by the step and the replica.
    Member(u64, u32),
    /// What the request is about.
    Subject,
    /// The key of the work on a message, by the endpoint that does it.
    Consumed(u32),
    /// The key of what is asked of a store of keys, by how often that was done for the attempt.
    Errand(u32),
    /// Whether and when something outside happens that a saga waits for, by the number of the step that does.
    Signal(u32),
}

/// Bits that tell one of a kind.
const WHICH: u32 = 40;
/// The number of a fault leaves so many bits to the message.
const FAULT: u32 = 8;
/// The number of a replica takes so many bits of those of a step.
const MEMBER: u32 = 20;

impl Purpose {
    /// What is mixed into a key for it. Digests hold it: it must not change.
    #[inline]
    pub(crate) const fn tag(self) -> u64 {
        let (model, network, which) = match self {
            Self::Try(number) => (0, 0, number as u64),
            Self::Step(step) => (0, 0, step),
            Self::Latency(message) => (0, 1, message as u64),
            Self::Loss(message) => (0, 2, message as u64),
            Self::LinkFault(fault, message) => (0, 3, (fault as u64) << FAULT | message as u64),
            Self::Call(step) => (1, 0, step),
            Self::ErrorFault(fault) => (2, 0, fault as u64),
            Self::Think => (3, 0, 0),
            Self::Fallback(place) => (4, 0, place),
            Self::Copy(number) => (5, 0, number as u64),
            Self::Trace(step) => (6, 0, step),
            Self::Subject => (7, 0, 0),
            Self::Member(step, replica) => (8, 0, step << MEMBER | replica as u64),
            Self::Consumed(endpoint) => (9, 0, endpoint as u64),
            Self::Errand(number) => (10, 0, number as u64),
            Self::Signal(step) => (11, 0, step as u64),
        };
        debug_assert!(which < 1 << WHICH, "it would be taken for another purpose");
        model << 48 | network << WHICH | which
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: [u8; 4] = [0, 1, 2, u8::MAX];
    const STEP: u64 = (1 << WHICH) - 1;
    const FAULTS: [usize; 3] = [0, 1, (1 << (WHICH - FAULT)) - 1];

    /// Each purpose that there is with the least and the greatest of what it may be of.
    fn of_a_try() -> Vec<Purpose> {
        let mut all = Vec::new();
        for number in [1, 2, 1 << 8, STEP] {
            all.extend([Purpose::Step(number), Purpose::Call(number), Purpose::Trace(number)]);
        }
        for message in MESSAGES {
            all.extend([Purpose::Latency(message), Purpose::Loss(message)]);
            all.extend(FAULTS.map(|fault| Purpose::LinkFault(fault, message)));
        }
        all.extend(FAULTS.map(Purpose::ErrorFault));
        all.extend([0, 1, (1 << MEMBER) - 1].map(|replica| Purpose::Member(1, replica)));
        all.extend([1, 2, u8::MAX].map(Purpose::Copy));
        all.extend([0, 1, u32::MAX].map(Purpose::Errand));
        all
    }

    fn of_a_request() -> Vec<Purpose> {
        let mut all = vec![Purpose::Think, Purpose::Subject];
        all.extend([0, 1, u16::MAX].map(Purpose::Try));
        all.extend([1, 2, STEP].map(Purpose::Fallback));
        all.extend([0, 1, u32::MAX].map(Purpose::Consumed));
        all.extend([0, 1, u32::MAX].map(Purpose::Signal));
        all
    }

    /// Within a kind the tag grows with what it is of, so the ends of all kinds tell of all.
    #[test]
    fn no_two_purposes_of_one_key_have_a_tag_in_common() {
        for all in [of_a_try(), of_a_request()] {
            for (index, one) in all.iter().enumerate() {
                for other in &all[..index] {
                    assert_ne!(one.tag(), other.tag(), "{one:?} and {other:?}");
                    let kinds = [one, other].map(std::mem::discriminant);
                    let ranges = [one, other].map(|it| it.tag() >> WHICH);
                    assert_eq!(kinds[0] == kinds[1], ranges[0] == ranges[1], "{one:?} {other:?}");
                }
            }
        }
    }

    /// Written down, because every digest hangs on them.
    #[test]
    fn tags_are_what_they_were() {
        let tags = [
            (Purpose::Try(3), 3),
            (Purpose::Step(3), 3),
            (Purpose::Latency(2), 1 << 40 | 2),
            (Purpose::Loss(1), 2 << 40 | 1),
            (Purpose::LinkFault(5, 4), 3 << 40 | 5 << 8 | 4),
            (Purpose::Call(3), 1 << 48 | 3),
            (Purpose::ErrorFault(5), 2 << 48 | 5),
            (Purpose::Think, 3 << 48),
            (Purpose::Fallback(1), 4 << 48 | 1),
            (Purpose::Copy(1), 5 << 48 | 1),
            (Purpose::Trace(3), 6 << 48 | 3),
            (Purpose::Subject, 7 << 48),
            (Purpose::Member(3, 2), 8 << 48 | 3 << 20 | 2),
        ];
        for (purpose, tag) in tags {
            assert_eq!(purpose.tag(), tag, "{purpose:?}");
        }
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "it would be taken for another purpose")]
    fn a_number_that_does_not_fit_is_noticed() {
        let _ = Purpose::Step(STEP + 1).tag();
    }
}
