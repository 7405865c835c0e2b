/// Who publishes, so that what it sends again is known again.
///
/// A producer that is started anew under the same name has the same id and a higher epoch; what
/// one of a lower epoch sends is refused, as that one has been replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProducerIdentity {
    /// Given by the broker, to one producer only.
    pub id: u64,
    /// Which life of it this is.
    pub epoch: u32,
}

/// The number of a message among those that a producer sends to a partition.
///
/// As in Kafka it goes from 0 to [`MAX`](Self::MAX), and on from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence(u32);

impl Sequence {
    /// The first one of an epoch.
    pub const ZERO: Self = Self(0);
    /// The last one before it begins anew: 2³¹ − 1, the largest `int` of Kafka.
    pub const MAX: Self = Self(i32::MAX as u32);

    /// The number `value`, without what is above [`MAX`](Self::MAX).
    pub const fn new(value: u32) -> Self {
        Self(value & Self::MAX.0)
    }

    /// It as a number.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// That of the message so many behind.
    #[must_use]
    pub const fn after(self, messages: u32) -> Self {
        Self::new(self.0.wrapping_add(messages))
    }
}

/// Whose batch it is and which one: what makes a second copy of it known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// The producer.
    pub producer: ProducerIdentity,
    /// The number of the first message; the others follow without a gap.
    pub first: Sequence,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_anew_after_the_last() {
        assert_eq!(Sequence::MAX.after(1), Sequence::ZERO);
        assert_eq!(Sequence::new(7).after(3), Sequence::new(10));
        assert_eq!(Sequence::MAX.after(u32::MAX), Sequence::new(i32::MAX as u32 - 1));
    }
}
