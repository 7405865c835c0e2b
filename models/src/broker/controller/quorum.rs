use std::collections::BTreeMap;
use std::time::Duration;

use cascadia_patterns::raft::{
    Entry, MemberId, Message, Payload, Raft, RaftConfig, Ready, Role, Saved,
};
use cascadia_runtime::{Stream, Time};

use super::command::Command;
use super::metadata::Metadata;
use crate::journal::{Journal, Record};

/// The file of the log.
pub(in crate::broker) const FILE: &str = "controller";

/// How long a place may be silent (Kafka `broker.session.timeout.ms`).
const SESSION: Duration = Duration::from_secs(9);

/// How long members wait for a leader (Kafka `controller.quorum.election.timeout.ms` and
/// `controller.quorum.fetch.timeout.ms`), and a fourth of that.
const CONFIG: RaftConfig = RaftConfig {
    election_timeout_min: Duration::from_secs(1),
    election_timeout_max: Duration::from_secs(2),
    heartbeat: Duration::from_millis(250),
    max_entries: 64,
};

/// A place as a member of the controller, in one life.
pub(in crate::broker) struct Quorum {
    raft: Raft,
    journal: Journal,
    pub(in crate::broker) metadata: Metadata,
    /// When it has heard of each place, in the term in which it leads.
    heard: BTreeMap<usize, Time>,
    term: Option<u64>,
}

/// What follows from an event.
pub(in crate::broker) struct Follows {
    pub(in crate::broker) messages: Vec<(usize, Message)>,
    /// Somebody has to begin to write.
    pub(in crate::broker) starts: bool,
    /// Something was decided.
    pub(in crate::broker) has_changed: bool,
}

impl Quorum {
    pub(in crate::broker) fn new(
        (own, places): (usize, usize),
        (journal, saved): (Journal, Saved),
        metadata: Metadata,
        stream: Stream,
        now: Time,
    ) -> Self {
        let members: Vec<_> = (0..places as u64).map(MemberId).collect();
        let raft = Raft::new(CONFIG, members[own], &members, saved, stream, now);
        Self { raft, journal, metadata, heard: BTreeMap::new(), term: None }
    }

    /// Who leads the controller, as far as is known here.
    pub(in crate::broker) fn leader(&self) -> Option<usize> {
        self.raft.status().leader.map(|leader| leader.0 as usize)
    }

    pub(in crate::broker) fn on_message(&mut self, now: Time, from: usize, message: Message) {
        self.raft.on_message(now, MemberId(from as u64), message);
    }

    pub(in crate::broker) fn on_tick(&mut self, now: Time) {
        self.raft.on_tick(now);
    }

    pub(in crate::broker) fn on_persisted(&mut self, now: Time, number: u64) {
        self.raft.on_persisted(now, number);
    }

    pub(in crate::broker) fn next_deadline(&self) -> Time {
        self.raft.next_deadline()
    }

    pub(in crate::broker) fn next_record(&mut self) -> Option<Record> {
        self.journal.next()
    }

    /// Wants something decided. Where this does not lead, nothing happens.
    pub(in crate::broker) fn propose(&mut self, command: &Command) {
        // Whoever wants it says so again.
        let _ = self.raft.propose(command.encode());
    }

    /// A place is there, in one of its lives.
    pub(in crate::broker) fn on_beat(&mut self, now: Time, place: usize, life: u64) {
        self.heard.insert(place, now);
        if self.metadata.life(place) < life || !self.metadata.lives(place) {
            self.propose(&Command::Register { place, life });
        }
    }

    /// Puts out those who were silent for too long.
    pub(in crate::broker) fn look_round(&mut self, now: Time) {
        if self.term.is_none() {
            return;
        }
        for place in 0..self.metadata.places() {
            let is_silent = self.heard.get(&place).is_none_or(|at| now.since(*at) > SESSION);
            if is_silent && self.metadata.lives(place) {
                self.propose(&Command::Fence { place, life: self.metadata.life(place) });
            }
        }
    }

    /// What is to be done after an event.
    pub(in crate::broker) fn settle(&mut self, now: Time) -> Follows {
        let Ready { persist, messages, committed, status, .. } = self.raft.ready();
        if let Some(status) = status {
            let term = (status.role == Role::Leader).then_some(status.term);
            if term != self.term {
                self.term = term;
                self.heard = (0..self.metadata.places()).map(|place| (place, now)).collect();
            }
        }
        committed.iter().for_each(|entry| self.apply(entry));
        let messages = messages.into_iter().map(|it| (it.to.0 as usize, it.message)).collect();
        Follows {
            messages,
            starts: persist.is_some_and(|persist| self.journal.push(persist)),
            has_changed: !committed.is_empty(),
        }
    }

    fn apply(&mut self, entry: &Entry) {
        let command = match &entry.payload {
            Payload::Command(bytes) => Some(Command::decode(bytes)),
            Payload::Noop => None,
        };
        self.metadata.apply(entry.index, command.as_ref());
    }
}
