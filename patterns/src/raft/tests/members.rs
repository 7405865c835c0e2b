//! Members one event at a time.

use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use crate::raft::{
    Append, Body, Entry, Envelope, Hard, Last, MemberId, Message, Outcome, Payload, Raft,
    RaftConfig, Ready, Role, Saved,
};

const NOW: Time = Time::from_nanos(1_000_000);

fn member(members: u64, saved: Saved) -> Raft {
    let ids: Vec<_> = (0..members).map(MemberId).collect();
    Raft::new(RaftConfig::default(), MemberId(0), &ids, saved, Stream::from_seed(1), Time::ZERO)
}

fn saved(term: u64, terms: &[u64]) -> Saved {
    let entry = |(term, index): (&u64, u64)| Entry { term: *term, index, payload: Payload::Noop };
    let hard = Hard { term, voted_for: None };
    Saved { hard, entries: terms.iter().zip(1..).map(entry).collect() }
}

fn append(term: u64, prev: (u64, u64), terms: &[u64], commit: u64) -> Message {
    let (prev_term, prev_index) = prev;
    let entry = |(term, index): (&u64, u64)| Entry { term: *term, index, payload: Payload::Noop };
    let entries = terms.iter().zip(prev_index + 1..).map(entry).collect();
    let body = Body::Append(Append { prev_index, prev_term, entries, commit, round: 1 });
    Message { term, body }
}

fn outcome(ready: &Ready) -> Outcome {
    let [Envelope { message, .. }] = &ready.messages[..] else { panic!("{ready:?}") };
    let Body::Appended { outcome, .. } = message.body else { panic!("{message:?}") };
    outcome
}

fn votes(raft: &mut Raft, from: u64, asked: Last) {
    let message = Message { term: raft.status().term, body: Body::Vote { granted: true, asked } };
    raft.on_message(NOW, MemberId(from), message);
}

/// One of three that leads in term 2, with two entries of term 1 behind it.
fn leader() -> Raft {
    let mut raft = member(3, saved(1, &[1, 1]));
    raft.on_tick(raft.next_deadline());
    let write = raft.ready().persist.unwrap();
    raft.on_persisted(NOW, write.number);
    votes(&mut raft, 1, Last { term: 1, index: 2 });
    assert_eq!(raft.status().role, Role::Leader);
    raft
}

#[test]
fn a_member_alone_leads_when_its_vote_is_on_disk_and_commits_when_its_entry_is() {
    let mut raft = member(1, Saved::default());
    raft.on_tick(raft.next_deadline());
    let vote = raft.ready().persist.unwrap();
    assert_eq!(raft.status().role, Role::Candidate);
    raft.on_persisted(NOW, vote.number);
    let entry = raft.ready().persist.unwrap();
    assert_eq!((raft.status().role, raft.commit_index()), (Role::Leader, 0));
    raft.read(NOW, 7).unwrap();
    assert_eq!(raft.ready().reads, [0; 0]);
    raft.on_persisted(NOW, entry.number);
    let ready = raft.ready();
    assert_eq!((ready.committed.len(), ready.reads), (1, vec![7]));
}

#[test]
fn an_answer_waits_for_the_write_it_speaks_of_and_for_those_before() {
    let mut raft = member(3, Saved::default());
    raft.on_message(NOW, MemberId(1), append(1, (0, 0), &[1], 0));
    let first = raft.ready();
    raft.on_message(NOW, MemberId(1), append(1, (1, 1), &[1], 0));
    let second = raft.ready();
    assert_eq!((first.messages, second.messages), (vec![], vec![]));
    raft.on_persisted(NOW, first.persist.unwrap().number);
    assert_eq!(outcome(&raft.ready()), Outcome::Accepted { matched: 1 });
    raft.on_persisted(NOW, second.persist.unwrap().number);
    assert_eq!(outcome(&raft.ready()), Outcome::Accepted { matched: 2 });
}

#[test]
fn what_differs_is_replaced_on_disk_too() {
    let mut raft = member(3, saved(2, &[1, 2, 2]));
    raft.on_message(NOW, MemberId(1), append(3, (1, 1), &[3], 0));
    let persist = raft.ready().persist.unwrap();
    assert_eq!((persist.truncate_from, persist.append.len(), raft.last_index()), (Some(2), 1, 2));
    assert_eq!(raft.durable_index(), 1);
    raft.on_persisted(NOW, persist.number);
    assert_eq!(raft.durable_index(), 2);
}

#[test]
fn a_refusal_names_the_first_entry_of_the_term_in_the_way() {
    let mut raft = member(3, saved(3, &[1, 2, 2, 2]));
    raft.on_message(NOW, MemberId(1), append(3, (3, 4), &[], 0));
    let refused = Outcome::Refused { prev_index: 4, conflict_term: 2, conflict_index: 2 };
    assert_eq!(outcome(&raft.ready()), refused);
    raft.on_message(NOW, MemberId(1), append(3, (3, 9), &[], 0));
    let refused = Outcome::Refused { prev_index: 9, conflict_term: 0, conflict_index: 5 };
    assert_eq!(outcome(&raft.ready()), refused);
}

/// Entries of term 1 are on two disks of three, and are committed only with one of term 2.
#[test]
fn an_entry_of_an_earlier_term_is_committed_with_one_of_its_own() {
    let mut raft = leader();
    let write = raft.ready().persist.unwrap();
    raft.on_persisted(NOW, write.number);
    let accepts = |matched| Message {
        term: 2,
        body: Body::Appended { round: 1, outcome: Outcome::Accepted { matched } },
    };
    raft.on_message(NOW, MemberId(1), accepts(2));
    assert_eq!(raft.commit_index(), 0);
    raft.on_message(NOW, MemberId(1), accepts(3));
    assert_eq!(raft.commit_index(), 3);
}

#[test]
fn a_vote_for_another_log_does_not_count() {
    let mut raft = member(3, saved(1, &[1, 1]));
    raft.on_tick(raft.next_deadline());
    let write = raft.ready().persist.unwrap();
    raft.on_persisted(NOW, write.number);
    votes(&mut raft, 1, Last { term: 1, index: 3 });
    assert_eq!(raft.status().role, Role::Candidate);
}

#[test]
fn nobody_leads_without_its_own_vote_on_disk() {
    let mut raft = member(5, saved(1, &[1]));
    raft.on_tick(raft.next_deadline());
    let write = raft.ready().persist.unwrap();
    (1..5).for_each(|from| votes(&mut raft, from, Last { term: 1, index: 1 }));
    assert_eq!(raft.status().role, Role::Candidate);
    raft.on_persisted(NOW, write.number);
    assert_eq!(raft.status().role, Role::Leader);
}

#[test]
fn a_leader_that_nobody_answers_steps_down_and_gives_up_its_reads() {
    let mut raft = leader();
    raft.read(NOW, 1).unwrap();
    let silent = NOW + RaftConfig::default().election_timeout_max;
    while raft.next_deadline() < silent {
        raft.on_tick(raft.next_deadline());
    }
    assert_eq!(raft.status().role, Role::Leader);
    raft.on_tick(silent);
    let ready = raft.ready();
    assert_eq!((raft.status().role, ready.lost_reads), (Role::Follower, vec![1]));
    assert!(raft.propose(b"late".as_slice().into()).is_err());
}

#[test]
fn a_configuration_that_cannot_work_is_refused() {
    let good = RaftConfig::default();
    let field = |config: RaftConfig| config.check().map_err(|error| error.field);
    assert_eq!(field(good), Ok(()));
    let (none, long) = (Duration::ZERO, Duration::from_secs(1));
    assert_eq!(field(RaftConfig { heartbeat: none, ..good }), Err("heartbeat"));
    assert_eq!(field(RaftConfig { heartbeat: long, ..good }), Err("election_timeout_min"));
    let config = RaftConfig { election_timeout_min: long, ..good };
    assert_eq!(field(config), Err("election_timeout_max"));
    assert_eq!(field(RaftConfig { max_entries: 0, ..good }), Err("max_entries"));
}
