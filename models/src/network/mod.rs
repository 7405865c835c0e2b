//! What lies between places: links, and what goes wrong on them.
//!
//! One [`Fabric`] decides what becomes of everything that travels, of the messages of modelled
//! services and of the packets of byte streams ([`tcp`](crate::tcp)) alike. A [`Wire`] is the way
//! from one to another with the link on it; faults in force are asked about whatever passes.
//!
//! | | a message | a packet |
//! |---|---|---|
//! | delay | of the message | of the packet and of all behind it |
//! | loss | it never comes, and somebody's timeout notices | it is sent again after a timeout |
//! | order | one may overtake another | a connection puts them in order |
//! | bytes | a message has no size | packets leave one after the other at the rate of the link |
//!
//! What something meets is drawn from its key, its kind and its number, so that neither shifts what
//! another meets, nor loss latency. The key of a message is that of its request: the same request
//! meets the same latency whatever the policies do. Packets are counted on their way.

mod fabric;
mod link;
mod links;
mod message;
mod party;
mod passage;
mod queueing;
mod wire;

pub use self::link::Link;
pub use self::links::{Links, Source};
pub use self::party::{Party, Side};
pub use self::passage::{Fate, MetBy, Passage};

pub(crate) use self::fabric::{Disturbance, Fabric, Travel};
pub(crate) use self::message::{Message, MessageKind};
pub(crate) use self::queueing::Queueing;
pub(crate) use self::wire::Wire;
