use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cascadia_patterns::messaging::consumer::{PollConfig, Poller};
use cascadia_patterns::messaging::embedded::Embedded;
use cascadia_patterns::messaging::{
    Broker, BrokerError, Message, Start, Subscription, Topic, TopicSettings,
};
use cascadia_patterns::store::MemoryStore;
use cascadia_runtime::TokioWorld;

/// A broker in this process with these topics.
///
/// # Errors
///
/// None, in memory.
pub async fn broker(topics: &[&str]) -> Result<Arc<dyn Broker>, BrokerError> {
    let broker = Embedded::open(TokioWorld::new(), Arc::new(MemoryStore::new()), "bus").await?;
    for topic in topics {
        broker.declare(Topic::from(*topic), TopicSettings::log(1)).await?;
    }
    Ok(Arc::new(broker))
}

/// A message of this number, which is also its id.
pub fn numbered(number: u64) -> Message {
    Message::new(number.to_string()).id(format!("message-{number}"))
}

/// The number of a message.
pub fn number(message: &Message) -> u64 {
    std::str::from_utf8(message.bytes()).ok().and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// The numbers of all that is in a topic.
///
/// # Errors
///
/// As for the broker.
pub async fn all_of(broker: &Arc<dyn Broker>, topic: &str) -> Result<Vec<u64>, BrokerError> {
    let subscription = Subscription {
        start: Start::Earliest,
        prefetch: 1_000,
        ..Subscription::new(topic, "those who look")
    };
    let config = PollConfig { most: 1_000, ..PollConfig::new(subscription) };
    let mut poller = Poller::open(config, TokioWorld::new(), Arc::clone(broker)).await?;
    let polled = poller.poll(Duration::from_millis(20)).await?;
    Ok(polled.deliveries.iter().map(|delivery| number(&delivery.message)).collect())
}

/// What was done, by the number of the message that asked for it.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<u64, u32>>>);

impl Tally {
    /// A message was done.
    pub fn add(&self, number: u64) {
        let mut done = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *done.entry(number).or_default() += 1;
    }

    /// A line of the table, where so many were to be done, without those of `dead`.
    pub fn line(&self, name: &str, all: u64, dead: &[u64]) -> String {
        let done = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lost = (0..all).filter(|it| !done.contains_key(it) && !dead.contains(it)).count();
        let doubled = done.values().filter(|times| **times > 1).count();
        let (done, dead) = (done.len(), dead.len());
        format!("{name:44}{done:>7}{lost:>7}{doubled:>9}{dead:>15}")
    }

    /// The names of the columns.
    pub fn heading() -> String {
        format!("{:44}{:>7}{:>7}{:>9}{:>15}", "", "done", "lost", "doubled", "dead-lettered")
    }
}
