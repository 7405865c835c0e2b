//! One partition, without anything around it: what is written is durable at once.

use std::time::{Duration, Instant};

use cascadia_patterns::messaging::partition::{ConsumerId, Now, PartitionCore, ReaderId, Ticket};
use cascadia_patterns::messaging::{
    Batch, Message, Partition, Settle, Start, Subscription, TopicSettings,
};
use cascadia_runtime::{Time, Wall};

pub(crate) fn one_by_one(messages: u64) -> Option<Duration> {
    Some(run(messages, 1))
}

pub(crate) fn by_the_hundred(messages: u64) -> Option<Duration> {
    Some(run(messages, 100))
}

fn run(messages: u64, batch: usize) -> Duration {
    let name = Partition::new("orders", 0);
    let now = Now { time: Time::ZERO, wall: Wall::from_nanos(1) };
    let mut core = PartitionCore::new(name.clone(), TopicSettings::queue(), 1, now);
    let subscription = Subscription::new("orders", "shop");
    let reader = core.read(now, &"shop".into(), Start::Earliest, (&subscription).into());
    let sample = Batch::new(name, (0..batch).map(|_| Message::new("0123456789")));
    let mut buffers = (Vec::new(), Vec::new());
    let begun = Instant::now();
    for n in 0..messages / batch as u64 {
        let now = Now { time: Time::from_nanos(n * 1_000), ..now };
        core.publish(now, Ticket(n), sample.clone());
        sync(&mut core, &mut buffers);
        let ids: Vec<_> = std::iter::from_fn(|| core.deliver(now, reader, ConsumerId(1)))
            .map(|handed| (handed.offset, handed.token))
            .collect();
        assert_eq!(ids.len(), batch);
        settle(&mut core, now, reader, &ids);
        sync(&mut core, &mut buffers);
    }
    begun.elapsed()
}

fn settle(
    core: &mut PartitionCore,
    now: Now,
    reader: ReaderId,
    ids: &[(cascadia_patterns::messaging::Offset, cascadia_patterns::messaging::Token)],
) {
    core.settle(now, Ticket(0), reader, ids, &Settle::Ack);
}

fn sync(
    core: &mut PartitionCore,
    (entries, gone): &mut (Vec<cascadia_patterns::messaging::partition::Entry>, Vec<u64>),
) {
    core.take_entries(entries, gone);
    if let Some(last) = entries.last() {
        core.on_durable(last.index);
    }
    entries.clear();
    gone.clear();
    while core.poll_effect().is_some() {}
}
