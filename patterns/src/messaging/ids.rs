use std::fmt;
use std::sync::Arc;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// It as a text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: Into<Arc<str>>> From<T> for $name {
            fn from(name: T) -> Self {
                Self(name.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

names! {
    /// What messages are published to and subscribed to: a topic, a queue, a subject, a stream.
    Topic;
    /// Those who share the messages of a topic: each message is for one of them.
    Group;
    /// One of a group. Given by the user, it is a static member, which may leave and come back without a
    /// rebalance; otherwise the broker makes one up.
    MemberId;
    /// What a message is known by when it comes a second time.
    MessageId;
    /// Whoever publishes in transactions, across its restarts: a second one of the same name fences the
    /// first.
    TransactionalId;
}

/// A part of a topic that has an order of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition {
    /// The topic.
    pub topic: Topic,
    /// Which of its partitions, from 0. A broker without partitions has one of each topic.
    pub number: u32,
}

impl Partition {
    /// The partition of a topic with this number.
    pub fn new(topic: impl Into<Topic>, number: u32) -> Self {
        Self { topic: topic.into(), number }
    }
}

impl From<Topic> for Partition {
    /// The first one, which is the only one of many topics.
    fn from(topic: Topic) -> Self {
        Self { topic, number: 0 }
    }
}

impl<T: Into<Topic>> From<(T, u32)> for Partition {
    fn from((topic, number): (T, u32)) -> Self {
        Self::new(topic, number)
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.topic, self.number)
    }
}

/// A place in a partition. No two messages have had the same one, whatever was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(pub u64);

impl Offset {
    /// The one behind it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which distribution of a group's partitions among its members is meant. It goes up by at least one with each, so what a
/// member of an earlier one says can be refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
