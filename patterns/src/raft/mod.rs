//! A log that several members keep together, and that outlives any minority of them: Raft.
//!
//! A service that keeps its state in one place is gone with it. Copies help only if they are the same,
//! and the obvious ways to keep them so lose what was promised: a primary that answers before its
//! copies have a write takes it to its grave; one that waits for all stands still with the first that
//! is down; and if a copy takes over when the primary is silent, then sooner or later two of them lead,
//! because silence is also what a cut network sounds like.
//!
//! Here what is kept is a *log* of commands, and a state machine beside each member does what the
//! log says. A *leader* puts commands in order. It is elected by a majority for a *term*, of which
//! each member votes for one candidate only, and an entry is *committed* when a majority has it on
//! disk. Any two majorities share a member: so a new leader has all that was ever committed, and no
//! term has two leaders. None of that depends on time. Timeouts only say when it is worth to try.
//!
//! # The state machine
//!
//! | role | hears | does |
//! |---|---|---|
//! | follower | nothing for an election timeout | is a candidate in the next term, votes for itself, asks all others |
//! | follower | a candidate of its term, its vote being free and its log no more up to date | grants the vote, and waits again |
//! | follower | entries that follow one it has | drops what differs, adds them, answers when its disk has them |
//! | follower | entries that follow one it has not | refuses, with the first index of the term that it has there |
//! | candidate | votes of a majority, its own on disk among them | leads, and begins the term with an empty entry |
//! | candidate | a leader of its term | follows it |
//! | candidate | neither, for an election timeout | is a candidate in the next term |
//! | leader | a command | adds it, sends it, and commits it when a majority has it on disk |
//! | leader | a refusal | goes back by a term, and sends again |
//! | leader | no majority for the longest election timeout | steps down: *check quorum*, which is ours |
//! | any | a higher term | is a follower in it |
//!
//! | always | because |
//! |---|---|
//! | a term has one leader at most | a vote is on disk before it is granted, and a leader's own before it leads |
//! | a leader never replaces its entries | only followers truncate |
//! | the same index and term are the same entry, and the same before it | entries follow one that is the same |
//! | a leader has all that is committed | a vote goes to who has at least as much; entries of earlier terms are committed only with one of its own (§5.4.2) |
//! | nothing else is ever applied at an index | of the above |
//!
//! # Without a network and without a disk
//!
//! [`Raft`] does no input or output. It is told what happens, and [`Raft::ready`] says what is to be
//! done: what to write, to send and to apply. Writing may take its time and more may happen meanwhile.
//! What depends on a write is not handed out before [`Raft::on_persisted`], so nobody can send it too
//! early. Three things need not wait: what a leader sends, as it counts itself only for what its own
//! disk has; what is committed, as others have it; and a candidate's question, as an answer counts only
//! for the log that it was asked with.
//!
//! [`wal`] turns writes into bytes for a file, and such a file into what a member starts with.
//!
//! ```
//! use std::collections::VecDeque;
//! use cascadia_patterns::raft::{MemberId, Payload, Raft, RaftConfig, Role, Saved};
//! use cascadia_runtime::{Stream, Time};
//!
//! let ids = [0, 1, 2].map(MemberId);
//! let member = |me| {
//!     let (config, stream) = (RaftConfig::default(), Stream::from_entropy());
//!     Raft::new(config, me, &ids, Saved::default(), stream, Time::ZERO)
//! };
//! let mut members = ids.map(member);
//!
//! // Nobody has heard of a leader: the first to lose patience asks for votes.
//! let (now, first) = members.iter().map(|it| (it.next_deadline(), it.id())).min().unwrap();
//! let first = first.0 as usize;
//! members[first].on_tick(now);
//!
//! // A network without delay, and disks that write at once.
//! let mut applied = [0; 3];
//! let mut settle = |members: &mut [Raft; 3]| {
//!     let mut busy = VecDeque::from([first]);
//!     while let Some(place) = busy.pop_front() {
//!         let ready = members[place].ready();
//!         applied[place] += ready.committed.len();
//!         for envelope in ready.messages {
//!             let to = envelope.to.0 as usize;
//!             members[to].on_message(now, MemberId(place as u64), envelope.message);
//!             busy.push_back(to);
//!         }
//!         if let Some(persist) = ready.persist {
//!             members[place].on_persisted(now, persist.number);
//!             busy.push_back(place);
//!         }
//!     }
//! };
//! settle(&mut members);
//! assert_eq!(members[first].status().role, Role::Leader);
//!
//! let put = members[first].propose(b"x = 1".as_slice().into()).unwrap();
//! settle(&mut members);
//! assert_eq!(members[first].commit_index(), put.index);
//! assert_eq!(members[first].entry(1).unwrap().payload, Payload::Noop);
//! ```
//!
//! # What there is not
//!
//! - *The members stay the same.* There is no change of membership.
//! - *The log only grows.* There are no snapshots, and a member that starts applies it from the first
//!   entry.
//! - *There is no pre-vote.* A member that was cut off comes back with a higher term, and an election
//!   is held although there is a leader.
//! - *Who is not the leader says so.* It does not pass commands on; a command that is sent twice is
//!   applied twice, unless the state machine knows it again.
//!
//! | parameter | unit | default | from |
//! |---|---|---|---|
//! | `election_timeout_min` | time | 150 ms | the paper, §5.2 and §9.3 |
//! | `election_timeout_max` | time | 300 ms | the paper, §5.2 and §9.3 |
//! | `heartbeat` | time | 50 ms | ours, a third of the shortest timeout |
//! | `max_entries` | entries | 64 | hashicorp/raft `MaxAppendEntries` |
//!
//! | others | wait for a leader | heartbeat | differ |
//! |---|---|---|---|
//! | etcd | 1 s to 2 s | 100 ms | counts ticks; has snapshots and membership, check quorum and pre-vote; followers pass commands on |
//! | hashicorp/raft | 1 s to 2 s | 100 ms to 200 ms | a leader steps down after 500 ms without a majority; reads are confirmed by `VerifyLeader` |
//! | the paper | 150 ms to 300 ms | half of the shortest timeout, where measured | a leader does not step down by itself |
//!
//! Reference: Ongaro and Ousterhout, *In Search of an Understandable Consensus Algorithm (Extended
//! Version)*, 2014. Sections and figures are those of that paper. That a leader may send before its
//! own disk has an entry is from Ongaro's thesis, §10.2.1, and reads without an entry are from §6.4.

mod config;
mod core;
mod durability;
mod election;
mod entry;
mod following;
mod leadership;
mod leading;
mod log;
mod message;
mod outbox;
mod reads;
mod ready;
#[cfg(test)]
mod tests;
pub mod wal;

pub use self::config::RaftConfig;
pub use self::core::Raft;
pub use self::entry::{Entry, Hard, MemberId, Payload, Saved};
pub use self::message::{Append, Body, Envelope, Last, Message, Outcome};
pub use self::ready::{NotLeader, Persist, Proposed, Ready, Role, Status};
