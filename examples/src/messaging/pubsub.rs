use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::consumer::{Consumer, ConsumerConfig};
use cascadia_patterns::messaging::producer::ProducerConfig;
use cascadia_patterns::messaging::{
    Broker, BrokerError, Capability, Delivery, Sharing, Start, Subscription,
};
use cascadia_runtime::{Stream, TokioWorld};

use super::tally::quiet;
use super::{Bus, Failed, Row, Tally, number, numbered};

const NEWS: u64 = 200;

/// Who hears of everything under a name of its own, and takes so long for each.
struct Reader {
    name: &'static str,
    group: &'static str,
    start: Start,
    takes: u64,
    tally: Tally,
}

impl Reader {
    fn new(name: &'static str, group: &'static str, start: Start, takes: u64) -> Self {
        Self { name, group, start, takes, tally: Tally::default() }
    }

    fn begin(&self, broker: &Arc<dyn Broker>) -> Result<Consumer, BrokerError> {
        let (sharing, start) = (Sharing::Broadcast, self.start);
        let own = Subscription { sharing, start, ..Subscription::new("news", self.group) };
        let (tally, takes) = (self.tally.clone(), Duration::from_millis(self.takes));
        let handler = move |delivery: Delivery| {
            let tally = tally.clone();
            async move {
                tokio::time::sleep(takes).await;
                tally.add(number(&delivery.message));
                Ok(())
            }
        };
        let config = Bus::fitted(broker, ConsumerConfig::new(own));
        let (world, stream) = (TokioWorld::new(), Stream::from_entropy());
        Consumer::start(config, world, stream, Arc::clone(broker), handler)
    }
}

/// What subscribers have heard that are prompt, slow, dead for a while, or late. Without a replay, nobody comes late for all.
///
/// # Errors
///
/// As for the broker.
pub async fn play(bus: &Bus) -> Result<Vec<Row>, Failed> {
    let broker = bus.open(&["news"]).await?;
    let producer = Bus::producer(&broker, ProducerConfig::default())?;
    let readers = [
        Reader::new("prompt", "prompt", Start::Earliest, 0),
        Reader::new("slow", "slow", Start::Earliest, 8),
        Reader::new("dies in the middle and comes back", "dies", Start::Earliest, 1),
        Reader::new("comes late, for what comes then", "late", Start::Latest, 0),
        Reader::new("comes late, for all", "all", Start::Earliest, 0),
    ];
    let has_all = broker.can().has(Capability::Replay);
    let readers = &readers[..if has_all { 5 } else { 4 }];
    let mut there = vec![readers[0].begin(&broker)?, readers[1].begin(&broker)?];
    let mut dies = Some(readers[2].begin(&broker)?);
    for reader in there.iter_mut().chain(&mut dies) {
        reader.connected().await?;
    }
    for news in 0..NEWS {
        producer.post("news", numbered(news)).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
        match news {
            80 => dies = None,
            100 => {
                for reader in &readers[3..] {
                    there.push(reader.begin(&broker)?);
                }
            }
            150 => dies = Some(readers[2].begin(&broker)?),
            _ => {}
        }
    }
    let counts = producer.close().await;
    if counts.confirmed < NEWS {
        return Err(format!("only {} of {NEWS} are confirmed", counts.confirmed).into());
    }
    let tallies: Vec<_> = readers.iter().map(|reader| &reader.tally).collect();
    quiet(&tallies, bus.quiet()).await;
    there.extend(dies);
    for consumer in there {
        consumer.drain().await?;
    }
    Ok(readers.iter().map(|reader| reader.tally.row(reader.name, NEWS, &[])).collect())
}
