//! The examples of messages, on any broker: what they need of it they are [fitted](Bus::fitted) to, and what it
//! cannot do at all is refused.

mod bus;
mod gathered;
/// Orders that are written to a store, and messages that tell of them.
pub mod outbox;
/// One publishes, and everybody hears of it.
pub mod pubsub;
/// Requests and replies as messages.
pub mod request_reply;
mod tally;
/// Work that several share.
pub mod work_queue;

use std::error::Error;

use cascadia_patterns::messaging::Message;

pub use self::bus::Bus;
pub use self::tally::{Row, Tally};

/// Why an example did not come to its end.
pub type Failed = Box<dyn Error + Send + Sync>;

/// A message of this number, which is also its id.
fn numbered(number: u64) -> Message {
    Message::new(number.to_string()).id(format!("message-{number}"))
}

/// The number of a message.
fn number(message: &Message) -> u64 {
    std::str::from_utf8(message.bytes()).ok().and_then(|text| text.parse().ok()).unwrap_or_default()
}
