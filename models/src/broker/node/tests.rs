//! Who has a partition that members of a group hand over, when what they say comes late.

use cascadia_patterns::messaging::partition::{ConsumerId, Now, PartitionCore, Ticket};
use cascadia_patterns::messaging::{
    Assignor, Batch, Generation, Message, Partition, Sharing, Start, Subscription, TopicSettings,
};
use cascadia_runtime::{Time, Wall};
use proptest::prelude::*;

use super::hosted::Hosted;

const NOW: Now = Now { time: Time::ZERO, wall: Wall::EPOCH };

/// A place with one partition and a message in it.
fn hosted() -> Hosted {
    let name = Partition::new("orders", 0);
    let mut core = PartitionCore::new(name.clone(), TopicSettings::log(1), 1, NOW);
    core.publish(NOW, Ticket(0), Batch::new(("orders", 0), [Message::new("one")]));
    let mut hosted = Hosted::new(0, name, core);
    hosted.read(
        NOW,
        &Subscription {
            start: Start::Earliest,
            sharing: Sharing::Partitions(Assignor::Range),
            ..Subscription::new("orders", "shop")
        },
    );
    let (mut entries, mut forgotten) = (Vec::new(), Vec::new());
    hosted.core.take_entries(&mut entries, &mut forgotten);
    hosted.on_safe(entries.last().expect("the message").index);
    hosted
}

/// Who gets the message once all members have said in which generation they have the partition; each generation gave
/// it to another one.
fn owner(said: &[u64], heard: impl Fn(u64) -> u64) -> Option<u64> {
    let mut hosted = hosted();
    for generation in said {
        hosted.take(NOW, 0, ConsumerId(*generation), Generation(heard(*generation)));
    }
    hosted.deliver(NOW, 0, |_| true).map(|(consumer, _)| consumer.0)
}

fn orders() -> impl Strategy<Value = Vec<u64>> {
    Just((1..6).collect::<Vec<u64>>()).prop_shuffle()
}

proptest! {
    #[test]
    fn the_newest_generation_has_the_partition_whatever_comes_late(said in orders()) {
        prop_assert_eq!(owner(&said, |generation| generation), Some(5));
    }
}

/// A place that does not look at generations gives the partition to whoever spoke last.
#[test]
fn a_missing_fence_is_found_out() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let found = runner.run(&orders(), |said| {
        prop_assert_eq!(owner(&said, |_| 1), Some(5));
        Ok(())
    });
    assert!(found.is_err());
}
