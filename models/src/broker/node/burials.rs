use std::sync::Arc;

use cascadia_patterns::messaging::partition::Burial;
use cascadia_patterns::messaging::{Acks, Batch, Partition};

use super::life::{Alive, Owed};
use crate::broker::kept::Kept;
use crate::broker::words::{Ask, Asked, Word};

impl Alive {
    /// Posts a letter.
    pub(super) fn bury(&mut self, at: usize, Burial { of, to, letter }: Burial) {
        let now = self.now();
        if self.hub.plan.topic(&to).is_none() {
            return self.hosted[at].core.on_buried(now, of);
        }
        // Letters of one place are of one partition, so that they stay in their order.
        let partitions = self
            .hub
            .plan
            .topic(&to)
            .map_or(1, |topic| self.hub.plan.topics[topic].settings.partitions);
        let from = match self.replicas.get(&at) {
            // Whoever leads it next buries there, too, what is not known to be buried.
            Some(replica) => replica.of.1,
            None => self.own as u32,
        };
        let to = Partition::new(to, from % partitions);
        let message = Arc::unwrap_or_clone(letter);
        let batch = Batch { acks: Acks::All, ..Batch::new(to, [message]) };
        let number = self.letters.add((at, of), batch);
        self.post(number);
    }

    fn post(&mut self, number: u64) {
        let Some(batch) = self.letters.get(number).cloned() else { return };
        if let Some(at) = self.find(&batch.to) {
            return self.publish(at, batch, Owed::Letter(number));
        }
        let Some(topic) = self.hub.plan.topic(&batch.to.topic) else { return };
        let of = (topic, batch.to.number);
        let led = self.quorum.as_ref().and_then(|quorum| quorum.metadata.partitions.get(&of));
        let node = match led {
            Some(partition) => partition.leader.filter(|place| *place != self.own),
            None => Some(self.hub.plan.keeper(topic, batch.to.number, self.nodes.len())),
        };
        let Some(node) = node else { return };
        let (life, what) = (self.life.incarnation(), Asked::Publish(batch));
        self.say(node, Word::Ask(Ask { life, number: Some(number), what }));
    }

    /// Says something to another place.
    pub(super) fn say(&mut self, node: usize, word: Word) {
        let (life, to) = (&self.life, self.nodes[node]);
        let other = self.others.entry(node).or_insert_with(|| life.connect(to));
        other.send(word);
    }

    /// Another place has answered for a letter.
    pub(super) fn answered(&mut self, letter: u64, is_there: bool, _: &mut Kept) {
        self.buried(letter, is_there);
    }

    /// A letter is where it goes, or it is not known.
    pub(super) fn buried(&mut self, letter: u64, is_there: bool) {
        if !is_there {
            return;
        }
        let Some((at, of)) = self.letters.remove(letter) else { return };
        let now = self.now();
        self.hosted[at].core.on_buried(now, of);
        self.touched.insert(at);
    }

    /// Posts again what was not answered.
    pub(super) fn post_again(&mut self) {
        self.letters.open().into_iter().for_each(|letter| self.post(letter));
    }
}
