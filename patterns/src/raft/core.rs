use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::config::RaftConfig;
use super::durability::Durability;
use super::entry::{Entry, Hard, MemberId, Payload, Saved};
use super::leadership::Leadership;
use super::log::Log;
use super::message::{Body, Envelope, Last, Message};
use super::outbox::Outbox;
use super::ready::{NotLeader, Proposed, Ready, Role, Status};
use crate::config::assert_checked;

/// A member of a replicated log.
///
/// - *Events*: [`on_message`](Self::on_message), [`on_persisted`](Self::on_persisted) and
///   [`on_tick`](Self::on_tick), which is due at [`next_deadline`](Self::next_deadline); and what
///   users want, [`propose`](Self::propose) and [`read`](Self::read).
/// - *Output*: after one or several of them, [`ready`](Self::ready) has all that is to be done.
///
/// Time must not go back from one event to the next.
#[derive(Debug)]
pub struct Raft {
    pub(super) config: RaftConfig,
    pub(super) me: MemberId,
    pub(super) others: Vec<MemberId>,
    pub(super) stream: Stream,
    pub(super) hard: Hard,
    pub(super) log: Log,
    pub(super) durability: Durability,
    pub(super) part: Part,
    pub(super) leader: Option<MemberId>,
    pub(super) commit: u64,
    /// Up to here entries were handed out to be applied.
    pub(super) applied: u64,
    /// When a follower or candidate begins an election.
    pub(super) election_at: Time,
    pub(super) outbox: Outbox,
    pub(super) lost_reads: Vec<u64>,
    told: Option<Status>,
}

/// The role, with what is known in it.
#[derive(Debug)]
pub(super) enum Part {
    Follower,
    Candidate(Votes),
    Leader(Leadership),
}

/// The votes that a candidate has.
#[derive(Debug)]
pub(super) struct Votes {
    pub(super) granted: BTreeSet<MemberId>,
    /// The write that makes the candidate's own vote last.
    pub(super) own: u64,
    /// What it has told of its log.
    pub(super) last: Last,
}

impl Raft {
    /// The member `me` of `members` starts with what its disk has.
    ///
    /// # Panics
    ///
    /// When the configuration does not pass its check, `me` is not one of the members, or the saved
    /// log has gaps.
    pub fn new(
        config: RaftConfig,
        me: MemberId,
        members: &[MemberId],
        saved: Saved,
        mut stream: Stream,
        now: Time,
    ) -> Self {
        assert_checked(config.check());
        assert!(members.contains(&me), "{me} is not one of the members");
        let others: BTreeSet<_> = members.iter().copied().filter(|id| *id != me).collect();
        let election_at = now + election_timeout(&config, &mut stream);
        let log = Log::new(saved.entries);
        Self {
            config,
            me,
            others: others.into_iter().collect(),
            stream,
            hard: saved.hard,
            durability: Durability::new(log.last_index()),
            log,
            part: Part::Follower,
            leader: None,
            commit: 0,
            applied: 0,
            election_at,
            outbox: Outbox::default(),
            lost_reads: Vec::new(),
            told: None,
        }
    }

    /// A message has come. One from somebody who is no member is ignored.
    pub fn on_message(&mut self, now: Time, from: MemberId, message: Message) {
        if !self.others.contains(&from) {
            return;
        }
        let Message { term, body } = message;
        if term > self.hard.term {
            self.enter(now, term);
        }
        match body {
            Body::RequestVote { last } => self.on_request_vote(now, from, term, last),
            Body::Vote { granted: true, asked } => self.on_vote(now, from, term, asked),
            Body::Vote { granted: false, .. } => {}
            Body::Append(append) => self.on_append(now, from, term, &append),
            Body::Appended { round, outcome } => self.on_appended(now, from, term, round, outcome),
        }
    }

    /// The write with this number, and with it all before, cannot be lost any more.
    ///
    /// # Panics
    ///
    /// When no such write was asked for.
    pub fn on_persisted(&mut self, now: Time, number: u64) {
        self.durability.on_persisted(number);
        match &self.part {
            Part::Follower => {}
            Part::Candidate(_) => self.count_own_vote(now),
            Part::Leader(_) => self.advance_commit(),
        }
    }

    /// Does what is due by `now`, if anything is.
    pub fn on_tick(&mut self, now: Time) {
        if now < self.next_deadline() {
            return;
        }
        match &self.part {
            Part::Follower | Part::Candidate(_) => self.stand(now),
            Part::Leader(leadership) => {
                if now >= leadership.heard() + self.config.election_timeout_max {
                    self.resign(now);
                } else {
                    self.beat(now);
                }
            }
        }
    }

    /// When the next [`on_tick`](Self::on_tick) is due. Every event may change it.
    pub fn next_deadline(&self) -> Time {
        match &self.part {
            Part::Follower | Part::Candidate(_) => self.election_at,
            Part::Leader(leadership) => {
                leadership.heartbeat_at.min(leadership.heard() + self.config.election_timeout_max)
            }
        }
    }

    /// Wants a command in the log. Where it is put tells later whether it is committed.
    ///
    /// # Errors
    ///
    /// When this is not the leader; nothing is done then.
    pub fn propose(&mut self, command: Arc<[u8]>) -> Result<Proposed, NotLeader> {
        let Part::Leader(_) = &self.part else { return Err(NotLeader { leader: self.leader }) };
        let term = self.hard.term;
        let index = self.log.push(term, Payload::Command(command));
        Ok(Proposed { term, index })
    }

    /// Wants to read what no later reader may find older. It is answered, by its `id`, with
    /// [`Ready::reads`] or [`Ready::lost_reads`].
    ///
    /// # Errors
    ///
    /// When this is not the leader; nothing is done then.
    pub fn read(&mut self, now: Time, id: u64) -> Result<(), NotLeader> {
        let commit = self.commit;
        let Part::Leader(leadership) = &mut self.part else {
            return Err(NotLeader { leader: self.leader });
        };
        let index = commit.max(leadership.first_index);
        leadership.reads.push(id, leadership.round + 1, index);
        self.confirm_reads(now);
        Ok(())
    }

    /// What is to be done now. It is handed out once.
    pub fn ready(&mut self) -> Ready {
        self.replicate();
        let persist = self.durability.next(self.hard, &self.log);
        let committed = self.log.from(self.applied + 1, self.commit - self.applied).to_vec();
        self.applied = self.commit;
        let reads = match &mut self.part {
            Part::Leader(leadership) => {
                let confirmed = leadership.confirmed();
                leadership.reads.take(confirmed, self.applied)
            }
            Part::Follower | Part::Candidate(_) => Vec::new(),
        };
        let status = Some(self.status());
        let is_new = self.told != status;
        self.told = status;
        Ready {
            persist,
            messages: self.outbox.take(self.durability.durable()),
            committed,
            reads,
            lost_reads: std::mem::take(&mut self.lost_reads),
            status: status.filter(|_| is_new),
        }
    }

    /// What it is, and whom it follows.
    pub fn status(&self) -> Status {
        let role = match self.part {
            Part::Follower => Role::Follower,
            Part::Candidate(_) => Role::Candidate,
            Part::Leader(_) => Role::Leader,
        };
        Status { term: self.hard.term, role, leader: self.leader }
    }

    /// Its own name.
    pub fn id(&self) -> MemberId {
        self.me
    }

    /// Up to here it knows the log to be committed.
    pub fn commit_index(&self) -> u64 {
        self.commit
    }

    /// The last entry that it has, on disk or not.
    pub fn last_index(&self) -> u64 {
        self.log.last_index()
    }

    /// The last entry that its disk has and that is still in the log.
    pub fn durable_index(&self) -> u64 {
        self.durability.durable_index()
    }

    /// An entry, if it has it.
    pub fn entry(&self, index: u64) -> Option<&Entry> {
        self.log.get(index)
    }

    /// Begins to follow in a later term, whoever leads in it.
    pub(super) fn enter(&mut self, now: Time, term: u64) {
        self.hard = Hard { term, voted_for: None };
        self.durability.on_hard_changed();
        self.resign(now);
    }

    /// Is a follower of nobody in particular.
    pub(super) fn resign(&mut self, now: Time) {
        self.leader = None;
        if let Part::Leader(leadership) = &mut self.part {
            self.lost_reads.extend(leadership.reads.all());
            self.wait_for_leader(now);
        }
        self.part = Part::Follower;
    }

    pub(super) fn wait_for_leader(&mut self, now: Time) {
        self.election_at = now + election_timeout(&self.config, &mut self.stream);
    }

    pub(super) fn majority(&self) -> usize {
        self.others.len().div_ceil(2) + 1
    }

    /// Sends what depends on the term, the vote or the log when all of that is on disk.
    pub(super) fn send_durably(&mut self, to: MemberId, body: Body) {
        let write = self.durability.covering(&self.log);
        let message = Message { term: self.hard.term, body };
        self.outbox.send_after(write, Envelope { to, message });
    }
}

fn election_timeout(config: &RaftConfig, stream: &mut Stream) -> Duration {
    let [min, max] = [config.election_timeout_min, config.election_timeout_max];
    let range = u64::try_from((max - min).as_nanos()).unwrap_or(u64::MAX - 1);
    min + Duration::from_nanos(stream.below(range.saturating_add(1)))
}
