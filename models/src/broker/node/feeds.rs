use std::sync::Arc;

use cascadia_patterns::messaging::{BrokerError, Sharing, Subscription};

use super::clients::Attached;
use super::life::Alive;
use crate::broker::words::{Reply, Said};
use crate::component::PlaceId;

/// Feeds that come, are there, and go.
impl Alive {
    pub(super) fn attach(
        &mut self,
        from: PlaceId,
        feed: u64,
        subscription: &Arc<Subscription>,
        credit: u32,
    ) -> Result<Reply, BrokerError> {
        let now = self.now();
        let consumer = self.clients.attach(from, feed, subscription, credit, now.time);
        let is_new = self.clients.feed(from, feed).is_some_and(|feed| feed.reads.is_empty());
        let is_told_which = matches!(subscription.sharing, Sharing::Partitions(_));
        if !is_new || is_told_which {
            return Ok(Reply::Done);
        }
        let hub = Arc::clone(&self.hub);
        let mut reads = Vec::new();
        for topic in &subscription.topics {
            let index = hub.plan.topic(topic).ok_or_else(|| BrokerError::NoTopic(topic.clone()))?;
            for at in self.found.of(index).filter(|at| self.serves(*at)).collect::<Vec<_>>() {
                let read = self.hosted[at].begin(&hub, now, subscription);
                self.hosted[at].readers[read].line.push_back(consumer);
                reads.push((at, read));
                self.touched.insert(at);
            }
        }
        if let Some(attached) = self.clients.feed(from, feed) {
            attached.reads = reads;
        }
        Ok(Reply::Done)
    }

    /// A feed is no more: what it had is ready for others.
    pub(super) fn detached(&mut self, attached: &Attached) {
        let now = self.now();
        for (at, read) in &attached.reads {
            self.hosted[*at].let_go(now, *read, attached.consumer);
            self.touched.insert(*at);
        }
    }

    /// A client has gone, or was reset.
    pub(super) fn leave(&mut self, from: PlaceId) {
        for attached in self.clients.leave(from) {
            self.detached(&attached);
        }
    }

    /// A feed is there still, if it is known.
    pub(super) fn beat(&mut self, from: PlaceId, feed: u64) -> Reply {
        let now = self.life.now();
        let Some(attached) = self.clients.feed(from, feed) else { return Reply::Unknown };
        attached.heard = now;
        Reply::Done
    }

    /// A feed takes so many messages at a time from now on.
    pub(super) fn credit(&mut self, from: PlaceId, Said { feed, number }: Said, most: u32) {
        if let Some(attached) = self.clients.feed(from, feed)
            && attached.credited < number
        {
            (attached.credit, attached.credited) = (most, number);
            self.feed_the_starved();
        }
    }

    /// A feed is no more.
    pub(super) fn detach(&mut self, from: PlaceId, feed: u64) {
        if let Some(attached) = self.clients.detach(from, feed) {
            self.detached(&attached);
        }
    }
}
