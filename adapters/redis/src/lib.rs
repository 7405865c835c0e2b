//! [`Broker`](cascadia_patterns::messaging::Broker)s on Redis: streams, at least once, and channels, at most once.
//!
//! Redis keeps for each group what was delivered to whom and not acknowledged, and does nothing with it: whose consumer
//! has died, or takes too long, finds its messages pending for ever, unless somebody claims them. Here each feed does,
//! before it reads what is new, in a script that runs at the server as one. So an attempt is counted once, the dead letter is
//! written and the message acknowledged together, and of two who want the same message one gets it.
//!
//! | here | [`RedisStreams`] | [`RedisChannels`] |
//! |---|---|---|
//! | topic | a stream, and a hash of its settings | a channel |
//! | group | a consumer group; each feed is a consumer with a name of its own | a subscriber |
//! | offset | the id: milliseconds, and 20 bits of what is counted in one | counted by the client |
//! | `ack_wait` | how long it is idle until the others claim it | |
//! | attempts, dead letters | counted by the server, buried by a script | |
//! | [`Settle::Requeue`](cascadia_patterns::messaging::Settle::Requeue) | idle for long: whoever asks next claims it | |
//! | a batch | there all or not at all | so, too |
//! | a queue | with one group, what is done is deleted; with several, after `retain_for` | nothing is kept |
//!
//! - *Durable* is what the server makes durable: with `appendfsync always` each answer, with `everysec`, its default, what
//!   is older than a second, and without an append-only file nothing.
//! - *[`Acks::All`](cascadia_patterns::messaging::Acks::All)* waits for [`RedisConfig::replicas`], which may still
//!   lose what they have: `WAIT` is no consensus.
//! - *Redelivery after a pause, deduplication by id, bounds and expiry* are denied: a stream has none.
//! - *A feed whose connection is lost* ends with an error. What it had is given back when the server is there again, or
//!   claimed when its time is over.
//! - *What is acknowledged in the first half of its time* is taken for the member's own without a look at who has it, so it is
//!   never told late, however long the server took to hear it.
//! - *A channel loses* what is published while nobody listens. A slow consumer's messages pile up in its client; who does not read
//!   from its connection is disconnected by the server, which ends the feed with an error, and has lost what was on its way.
//!
//! What was not sent is `Unavailable`, and what was sent and not answered `Unknown`. Time is that of the server.

mod channels;
mod config;
mod entry;
mod error;
mod feeding;
mod joining;
mod link;
mod listening;
mod packed;
mod publishing;
mod scripts;
mod seat;
mod server;
mod settling;
mod streams;

pub use self::channels::RedisChannels;
pub use self::config::RedisConfig;
pub use self::streams::RedisStreams;
