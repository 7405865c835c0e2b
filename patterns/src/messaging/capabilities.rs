use std::fmt;

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident: $text:literal,)+) => {
        /// Something that one broker can do and another cannot.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Capability {
            $($(#[$doc])* $name,)+
        }

        impl Capability {
            /// All that there are.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

capabilities! {
    /// Tells that it has a message ([`Acks::Leader`](super::Acks::Leader)).
    Confirm: "confirmations",
    /// Tells that several have it ([`Acks::All`](super::Acks::All)).
    ConfirmAll: "confirmations by all",
    /// Has what it delivers be done by that ([`AckMode::OnDelivery`](super::AckMode::OnDelivery)).
    OnDelivery: "acknowledgement by delivery",
    /// Knows a batch again by its number.
    Idempotence: "idempotent producers",
    /// Knows a message again by its id.
    Dedupe: "deduplication by message id",
    /// Several messages, and what was consumed for them, take effect together.
    Transactions: "transactions",
    /// Members of a group share single messages.
    Competing: "competing consumers",
    /// Members of a group share whole partitions.
    Partitions: "assigned partitions",
    /// One of a group gets everything.
    Exclusive: "exclusive consumers",
    /// Each subscriber gets everything.
    Broadcast: "broadcast",
    /// Members keep their partitions over a restart.
    StaticMembers: "static members",
    /// A message that is refused comes again.
    Requeue: "requeueing",
    /// A message comes again after a pause.
    Delay: "redelivery after a delay",
    /// What a consumer has that is gone stays with it until its time is over.
    Abandon: "keeping what a consumer had that is gone",
    /// A consumer may ask for more time.
    Working: "extending the time of a delivery",
    /// A message and all before it are acknowledged with one word.
    AckThrough: "cumulative acknowledgement",
    /// Counts deliveries and gives up after some.
    Attempts: "a limit of deliveries",
    /// Keeps what was given up in a topic of its own.
    DeadLetter: "dead letters",
    /// A message that is retried is not overtaken by one of the same key.
    KeyOrder: "order per key under retry",
    /// Messages expire.
    Expiry: "expiry of messages",
    /// What was published before somebody subscribed can be read.
    Replay: "reading what was published before",
    /// The last value is there for those who come later.
    LastValue: "a retained last value",
    /// Reading begins at an offset.
    SeekOffset: "seeking by offset",
    /// Reading begins at a time.
    SeekTime: "seeking by time",
    /// The last message of each key is kept.
    Compaction: "compaction",
    /// A topic is of a bounded length.
    Bound: "bounded topics",
    /// Topics can be made and removed.
    Declare: "declaring topics",
    /// What a group has done can be forgotten, and the group with it.
    Forget: "forgetting a group",
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// What a broker can do.
///
/// ```
/// use cascadia_patterns::messaging::{Capabilities, Capability, Subscription};
///
/// let can = Capabilities::from_iter([Capability::Competing, Capability::Requeue]);
/// let subscription = Subscription { attempts: Some(3), ..Subscription::new("orders", "shop") };
/// assert_eq!(can.allow(subscription.needs()), Err(Capability::Attempts));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities(u64);

impl Capabilities {
    /// Everything.
    pub fn all() -> Self {
        Capability::ALL.iter().copied().collect()
    }

    /// Whether this is among them.
    pub const fn has(self, capability: Capability) -> bool {
        self.0 & 1 << capability as u64 != 0
    }

    /// All but this.
    #[must_use]
    pub const fn without(self, capability: Capability) -> Self {
        Self(self.0 & !(1 << capability as u64))
    }

    /// Whether all of these are among them.
    ///
    /// # Errors
    ///
    /// The first that is not.
    pub fn allow(self, needs: Self) -> Result<(), Capability> {
        let missing = |it: &&Capability| needs.has(**it) && !self.has(**it);
        Capability::ALL.iter().find(missing).map_or(Ok(()), |missing| Err(*missing))
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(all: I) -> Self {
        Self(all.into_iter().fold(0, |set, capability| set | 1 << capability as u64))
    }
}
