//! What the tests of all clients share: a world with a date, a broker in a few lines, and one that fails.

mod desk;
mod desk_feed;
mod desk_state;
mod flaky;
mod restarted;
mod whole;
mod world;

use std::sync::Arc;

use cascadia_runtime::Stream;

pub(crate) use self::desk::Desk;
pub(crate) use self::flaky::{Flaky, Rates};
pub(crate) use self::restarted::Restarted;
pub(crate) use self::world::Dated;
use super::{Broker, Message, Topic, TopicSettings};

/// Runs a future on a clock that jumps ahead when all wait.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().unwrap().block_on(future)
}

/// As many cases as a property is tried with.
#[expect(clippy::disallowed_methods, reason = "it asks for more cases than a usual run has")]
pub(crate) fn cases(usual: u64) -> u64 {
    match std::env::var("CASCADIA_FULL") {
        Ok(value) if value == "1" => 10_000.max(usual),
        _ => usual,
    }
}

/// A broker with a topic of so many partitions.
pub(crate) async fn desk(topic: &str, partitions: u32) -> (Dated, Arc<Desk>) {
    let world = Dated::new();
    let desk = Desk::new(world);
    desk.declare(Topic::from(topic), TopicSettings::log(partitions)).await.unwrap();
    (world, desk)
}

/// A message of this number.
pub(crate) fn numbered(number: u64) -> Message {
    Message::new(number.to_string())
}

/// Its number.
pub(crate) fn number(message: &Message) -> u64 {
    std::str::from_utf8(message.bytes()).unwrap().parse().unwrap()
}

/// Randomness of a test.
pub(crate) fn stream(seed: u64) -> Stream {
    Stream::from_seed(seed)
}
