//! Messages between those who need not know each other, nor be there at the same time.
//!
//! A call that is not answered is the caller's problem. A message is nobody's: whoever sent it has
//! gone on, whoever should do something about it has not heard of it. So all depends on what lies
//! between, and on a handful of settings whose wrong combination loses a message or does it twice, and
//! says nothing. Which ones, differs from broker to broker, and so does what they are called.
//!
//! [`Broker`] is what producers and consumers need of one, in the words that most brokers use. What one of
//! them cannot do is said by [`Broker::can`], and asking for it fails before the first message and not with it.
//!
//! ```text
//!  producer ── Batch ──▶ Broker ──▶ partition: 0 1 2 3 4 …
//!           ◀─ Receipt ─           group a ──▲   ▲── group b      each has a place of its own
//!
//!  consumer ◀─ Delivery ─ Feed ◀── READY ─▶ IN FLIGHT ─▶ ACKED
//!           ── Settle ──▶             ▲         │
//!                                     └─────────┴──────▶ DEAD ──▶ dead letter topic
//! ```

mod acks;
mod backoff;
mod batch;
mod broker;
mod bytes;
mod capabilities;
pub mod codec;
mod conclusion;
mod delivery;
pub mod embedded;
mod error;
mod feed;
pub mod group;
mod headers;
mod identity;
mod ids;
mod lag;
mod message;
pub mod partition;
pub mod promises;
mod receipt;
mod settle;
mod sharing;
mod start;
mod subscription;
mod topic;
pub mod transaction;

pub use self::acks::Acks;
pub use self::backoff::Backoff;
pub use self::batch::Batch;
pub use self::broker::Broker;
pub use self::bytes::Bytes;
pub use self::capabilities::{Capabilities, Capability};
pub use self::conclusion::{Conclusion, End};
pub use self::delivery::{Delivery, DeliveryId, Source, Token};
pub use self::error::BrokerError;
pub use self::feed::{Fed, Feed};
pub use self::headers::{Headers, header};
pub use self::identity::{Numbered, ProducerIdentity, Sequence};
pub use self::ids::{
    Generation, Group, MemberId, MessageId, Offset, Partition, Topic, TransactionalId,
};
pub use self::lag::Lag;
pub use self::message::Message;
pub use self::receipt::Receipt;
pub use self::settle::{Settle, Settled};
pub use self::sharing::{AckMode, Assignor, KeyOrder, LateAck, Sharing};
pub use self::start::{Reset, Start};
pub use self::subscription::Subscription;
pub use self::topic::{Keep, Overflow, TopicSettings};
