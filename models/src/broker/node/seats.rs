use std::sync::Arc;

use super::life::Alive;
use crate::broker::words::{Membership, Reply, Said, Seats, Word};
use crate::component::PlaceId;

/// Groups that share partitions: who is a member, and what each has here.
impl Alive {
    /// A member wants something of its group.
    pub(super) fn member(&mut self, from: PlaceId, asked: Membership) -> Reply {
        let now = self.life.now();
        Reply::Member(self.groups.ask(&self.hub.plan, now, from, asked))
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
        let (consumer, subscription) = (attached.consumer, Arc::clone(&attached.subscription));
        let before = std::mem::take(&mut attached.reads);
        let here = seats.partitions.iter().filter_map(|partition| self.find(partition));
        let (here, mut reads): (Vec<_>, _) = (here.collect(), Vec::new());
        for at in here {
            let read = self.hosted[at].read(now, &subscription);
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
