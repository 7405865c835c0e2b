//! A place as a member of the controller.

use std::sync::Arc;
use std::time::Duration;

use super::life::Alive;
use super::place::Node;
use crate::broker::controller::{Command, Follows, Partition};
use crate::broker::kept::Kept;
use crate::broker::peer_word::PeerWord;
use crate::broker::replica::Part;
use crate::broker::words::Word;
use crate::component::Life;

/// How often it is looked for followers that are behind, and for answers that did not come.
const PACE: Duration = Duration::from_millis(500);

/// How often a place says that it is there (Kafka `broker.heartbeat.interval.ms`).
const BEAT: Duration = Duration::from_secs(2);

impl Node {
    /// Does now and then what nothing else is the occasion for.
    pub(super) async fn keep_pace(self: Arc<Self>, life: Life) {
        loop {
            life.sleep(PACE).await;
            self.with(|alive, kept| alive.keep_pace(kept));
        }
    }

    /// Writes what was decided, and goes on as long as more comes. A disk that fails ends its part in this life: what
    /// it has is unknown.
    pub(super) fn write_decisions(self: &Arc<Self>) {
        let Some(life) = self.state.borrow_mut().life.clone() else { return };
        let (node, own) = (Arc::clone(self), life.clone());
        life.spawn(async move {
            loop {
                let mut record = None;
                node.with_alive(|alive, _| {
                    record = alive.quorum.as_mut().and_then(|quorum| quorum.next_record());
                });
                let Some(record) = record else { return };
                let number = record.number;
                let written = record.write(&own).await;
                node.with(|alive, _| match (&mut alive.quorum, written) {
                    (Some(quorum), Ok(())) => quorum.on_persisted(alive.life.now(), number),
                    (quorum, _) => *quorum = None,
                });
            }
        });
    }
}

impl Alive {
    /// Whether what is decided of it is about this life.
    pub(super) fn is_registered(&self) -> bool {
        let life = self.life.incarnation();
        self.quorum.as_ref().is_some_and(|quorum| quorum.metadata.life(self.own) == life)
    }

    /// Does what the controller has to say. Whether somebody has to begin to write.
    pub(super) fn govern(&mut self, kept: &mut Kept) -> bool {
        let now = self.life.now();
        let Some(quorum) = &mut self.quorum else { return false };
        let Follows { messages, starts, has_changed } = quorum.settle(now);
        for (to, message) in messages {
            let word = Word::Peer(PeerWord::Member(self.own, message));
            self.life.send(self.nodes[to], word);
        }
        if has_changed {
            self.assign(kept);
            let mut groups = std::mem::take(&mut self.groups);
            groups.retain(|group| self.first_generation(group));
            self.groups = groups;
        }
        starts
    }

    /// Leads and follows as it was decided.
    pub(super) fn assign(&mut self, kept: &mut Kept) {
        if !self.is_registered() {
            return;
        }
        let all: Vec<(usize, (usize, u32))> =
            self.replicas.iter().map(|(at, replica)| (*at, replica.of)).collect();
        for (at, of) in all {
            let Some(quorum) = &self.quorum else { return };
            let partition: Partition = quorum.metadata.partitions[&of].clone();
            match partition.leader {
                Some(place) if place == self.own => self.lead(at, &partition, kept),
                Some(place) => self.follow(at, (place, partition.epoch), kept),
                None => self.rest(at),
            }
        }
    }

    /// Somebody else among the places says something.
    pub(super) fn hear_peer(&mut self, word: PeerWord, kept: &mut Kept) {
        let now = self.life.now();
        match word {
            PeerWord::Fetch(fetch) => self.on_fetch(&fetch, kept),
            PeerWord::Fetched(fetched) => self.on_fetched(fetched, kept),
            PeerWord::Member(from, message) => {
                self.quorum.iter_mut().for_each(|it| it.on_message(now, from, message.clone()));
            }
            PeerWord::Beat(place, life) => {
                self.quorum.iter_mut().for_each(|it| it.on_beat(now, place, life));
            }
            PeerWord::Wish(command) => {
                self.quorum.iter_mut().for_each(|it| it.propose(&command));
            }
        }
    }

    fn keep_pace(&mut self, kept: &mut Kept) {
        let (now, life) = (self.life.now(), self.life.incarnation());
        let is_registered = self.is_registered();
        if !is_registered || self.beat.is_none_or(|beat| now.since(beat) >= BEAT) {
            self.beat = Some(now);
            self.tell_controller(PeerWord::Beat(self.own, life), kept);
        }
        self.quorum.iter_mut().for_each(|quorum| quorum.look_round(now));
        let lag = self.hub.plan.replica_lag;
        let all: Vec<usize> = self.replicas.keys().copied().collect();
        for at in all {
            let Some(replica) = self.replicas.get_mut(&at) else { continue };
            match &mut replica.part {
                Part::Nothing => {}
                Part::Follows(_) => self.fetch(at, kept),
                Part::Leads(leading) => {
                    let (of, epoch, version) = (replica.of, leading.epoch, leading.version);
                    if let Some(in_sync) = leading.wants(now, lag) {
                        let wish = Command::Alter { of, epoch, version, in_sync };
                        self.tell_controller(PeerWord::Wish(wish), kept);
                    }
                }
            }
        }
    }

    /// Tells who leads the controller, if that is known.
    fn tell_controller(&mut self, word: PeerWord, kept: &mut Kept) {
        match self.quorum.as_ref().and_then(|quorum| quorum.leader()) {
            Some(place) if place == self.own => self.hear_peer(word, kept),
            Some(place) => self.say(place, Word::Peer(word)),
            None => {}
        }
    }
}
