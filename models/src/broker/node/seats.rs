use std::sync::Arc;

use cascadia_patterns::messaging::{BrokerError, Generation};

use super::life::Alive;
use crate::broker::words::{Membership, Reply, Said, Seats, Word};
use crate::component::PlaceId;

/// Groups that share partitions: who is a member, and what each has here.
impl Alive {
    /// A member wants something of its group.
    pub(super) fn member(
        &mut self,
        from: PlaceId,
        asked: Membership,
    ) -> Result<Reply, BrokerError> {
        let (now, first) = (self.life.now(), self.first_generation(asked.group));
        let elsewhere = || BrokerError::Unavailable("the group is kept together elsewhere".into());
        let first = first.ok_or_else(elsewhere)?;
        Ok(Reply::Member(self.groups.ask(&self.hub.plan, now, (from, first), asked)))
    }

    /// The first generation of a group that is kept together here: none of who has done so before is after it.
    pub(super) fn first_generation(&self, group: (usize, usize)) -> Option<Generation> {
        let Some(quorum) = &self.quorum else {
            return Some(Generation(self.life.incarnation() << 32));
        };
        let slot = self.hub.plan.coordinator(group, self.nodes.len());
        let (place, since) = quorum.metadata.coordinator(slot);
        (self.is_registered() && place == self.own).then_some(Generation(since << 32))
    }

    /// Tells members what their groups have to say.
    pub(super) fn tell_members(&mut self) {
        while let Some((to, feed, event)) = self.groups.poll() {
            if let Some(client) = self.clients.client(to) {
                client.connection.send(Word::Group(feed, event));
            }
        }
    }

    /// A feed has these partitions from now on, and of others that it had here none. One that somebody has in a later
    /// generation it does not get.
    pub(super) fn seat(&mut self, from: PlaceId, Said { feed, number }: Said, seats: &Seats) {
        let now = self.now();
        let Some(attached) = self.clients.feed(from, feed) else { return };
        if number <= attached.seated {
            return;
        }
        attached.seated = number;
        attached.seats.clone_from(seats);
        let (consumer, subscription) = (attached.consumer, Arc::clone(&attached.subscription));
        let before = std::mem::take(&mut attached.reads);
        let hub = Arc::clone(&self.hub);
        let here = seats.partitions.iter().filter_map(|partition| self.find(partition));
        let (here, mut reads): (Vec<_>, _) = (here.collect(), Vec::new());
        for at in here {
            let read = self.hosted[at].begin(&hub, now, &subscription);
            if self.hosted[at].take(now, read, consumer, seats.generation) {
                reads.push((at, read));
                self.touched.insert(at);
            }
        }
        for (at, read) in before.into_iter().filter(|read| !reads.contains(read)) {
            self.hosted[at].let_go(now, read, consumer);
            self.touched.insert(at);
        }
        if let Some(attached) = self.clients.feed(from, feed) {
            attached.reads = reads;
        }
    }
}
