//! A [`Broker`](cascadia_patterns::messaging::Broker) on JetStream, the streams of NATS, at least once.
//!
//! JetStream counts deliveries and stops at a limit, and there it leaves the message: it is delivered no more, is in no
//! other stream, and an advisory that nobody heard is all that is told. Here consumers have no limit, and the feed
//! that is delivered a message once too often writes the letter, and only then ends the message.
//!
//! | here | JetStream |
//! |---|---|
//! | topic | a stream of one subject of the same name |
//! | group | a durable pull consumer |
//! | offset | the sequence of the stream |
//! | [`Message::id`](cascadia_patterns::messaging::Message::id) | `Nats-Msg-Id`; the dedupe window is `duplicate_window` |
//! | settling | `+ACK`, `-NAK` with its delay, `+TERM`, `+WPI`, each answered by the server |
//! | a dead letter | published with an id, and the message terminated when it is there |
//! | a batch | one message after another: where one fails, the others are there, and that is `Unknown` |
//! | a queue | a log: what is done is kept as long as `retain_for` says |
//!
//! - *A queue is a log*, as neither of the server's others is one: `interest` drops what is published before there is a
//!   group, and `workqueue` knows one group.
//! - *Expiry* is denied: single messages have a time to live from 2.11 on only.
//! - *A backoff* is kept when a message is refused. What is not settled in time comes again at once.
//! - *A request for messages* has no end, as a server of 2.9 loses what is refused as the only one ends. Who leaves has it
//!   forgotten, and before something is refused the server is asked to look for those who are gone.
//! - *What is late* is known by the clock of the client: the server answers to every acknowledgement alike.
//! - *Headers* come in the order of their names; what is not text on one line is escaped with `%`.
//! - *What is not [`durable`](NatsConfig::durable)* is in memory: streams and groups are gone with the server.
//! - *A feed whose connection is lost* ends with an error, and what it had is void. A server that was killed has forgotten
//!   what it had delivered last, and answers all the same when that is acknowledged.
//!
//! What was not sent is `Unavailable`, and what was sent and not answered `Unknown`.

mod asking;
mod broker;
mod carried;
mod config;
mod error;
mod feeding;
mod link;
mod names;
mod seat;
mod server;
mod settling;

pub use self::broker::NatsStreams;
pub use self::config::NatsConfig;
