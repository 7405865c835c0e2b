//! What must hold after every step.

use std::collections::BTreeMap;

use super::world::Host;
use crate::raft::{Body, Entry, MemberId, Outcome, Payload, Raft, Ready, Role};

/// A property that does not hold, and where.
pub(crate) type Violation = (&'static str, String);

/// Looks at members from outside, and remembers all that they have shown.
#[derive(Default)]
pub(crate) struct Checker {
    /// Who has led in a term.
    leaders: BTreeMap<u64, MemberId>,
    /// By index and term: the term of the entry before, and the payload.
    entries: BTreeMap<(u64, u64), (u64, Payload)>,
    /// What was applied first at each index, with the term of the member that did.
    pub(crate) committed: Vec<(Entry, u64)>,
    /// The terms of the log that each member had last.
    logs: BTreeMap<MemberId, Vec<u64>>,
    /// The terms in which members led when last looked at, with their lives.
    leading: BTreeMap<MemberId, (u64, u64)>,
    /// Whether a message that the disk does not bear out is a violation by itself.
    minds_promises: bool,
}

impl Checker {
    pub(crate) fn new(minds_promises: bool) -> Self {
        Self { minds_promises, ..Self::default() }
    }

    pub(crate) fn on_ready(&mut self, host: &Host, ready: &Ready) -> Result<(), Violation> {
        let raft = host.raft.as_ref().unwrap();
        if ready.persist.is_some() || ready.status.is_some() {
            self.on_log(host, raft)?;
        }
        if ready.status.is_some_and(|status| status.role == Role::Leader) {
            self.on_leader(raft)?;
        }
        if self.minds_promises {
            promises(host, ready)?;
        }
        Ok(())
    }

    /// Log Matching: an index and a term name one entry, and the term of the one before. Hence, by
    /// induction, logs that share an entry share all before. And Leader Append-Only.
    fn on_log(&mut self, host: &Host, raft: &Raft) -> Result<(), Violation> {
        let id = host.id;
        let old = self.logs.entry(id).or_default();
        let term_at = |index: usize| raft.entry(index as u64).map(|entry| entry.term);
        let mut same = old.len().min(raft.last_index() as usize);
        while same > 0 && term_at(same) != Some(old[same - 1]) {
            same -= 1;
        }
        let now = raft.status();
        let leads = (now.role == Role::Leader).then_some((now.term, host.life));
        if same < old.len() && leads.is_some() && self.leading.get(&id).copied() == leads {
            return Err(("leader append-only", format!("{id} has replaced {}", same + 1)));
        }
        match leads {
            Some(leads) => self.leading.insert(id, leads),
            None => self.leading.remove(&id),
        };
        old.truncate(same);
        let mut before = old.last().copied().unwrap_or(0);
        for index in same as u64 + 1..=raft.last_index() {
            let entry = raft.entry(index).unwrap();
            let new = (before, entry.payload.clone());
            let known = self.entries.entry((index, entry.term)).or_insert_with(|| new.clone());
            if *known != new {
                return Err(("log matching", format!("{id} has {new:?} at {index}")));
            }
            before = entry.term;
            old.push(before);
        }
        Ok(())
    }

    /// Election Safety, and Leader Completeness.
    fn on_leader(&mut self, raft: &Raft) -> Result<(), Violation> {
        let (id, term) = (raft.id(), raft.status().term);
        let first = *self.leaders.entry(term).or_insert(id);
        if first != id {
            return Err(("election safety", format!("{first} and {id} lead in term {term}")));
        }
        let earlier = self.committed.iter().filter(|(_, in_term)| *in_term < term);
        for (entry, _) in earlier {
            if raft.entry(entry.index) != Some(entry) {
                return Err(("leader completeness", format!("{id} leads without {entry:?}")));
            }
        }
        Ok(())
    }

    /// State Machine Safety.
    pub(crate) fn on_applied(&mut self, host: &Host, entry: &Entry) -> Result<(), Violation> {
        let id = host.id;
        if entry.index != host.applied + 1 {
            return Err(("order", format!("{id} applies {entry:?} after {}", host.applied)));
        }
        let term = host.raft.as_ref().unwrap().status().term;
        match self.committed.get(entry.index as usize - 1) {
            None => self.committed.push((entry.clone(), term)),
            Some((first, _)) if first == entry => {}
            Some((first, _)) => {
                return Err(("state machine safety", format!("{id}: {entry:?}, not {first:?}")));
            }
        }
        Ok(())
    }

    /// What a client was told is committed still is.
    pub(crate) fn on_end(&self, told: &BTreeMap<u64, Payload>) -> Result<(), Violation> {
        for (index, payload) in told {
            let kept = self.committed.get(*index as usize - 1);
            if kept.is_none_or(|(entry, _)| entry.payload != *payload) {
                return Err(("durability", format!("{payload:?} at {index} is {kept:?}")));
            }
        }
        Ok(())
    }
}

/// No message says what a crash could undo.
fn promises(host: &Host, ready: &Ready) -> Result<(), Violation> {
    let kept = &host.disk.kept;
    for envelope in &ready.messages {
        let term = envelope.message.term;
        let is_kept = match &envelope.message.body {
            _ if kept.hard.term > term => true,
            Body::RequestVote { .. } => true,
            Body::Vote { granted: true, .. } => {
                kept.hard.term == term && kept.hard.voted_for == Some(envelope.to)
            }
            Body::Appended { outcome: Outcome::Accepted { matched }, .. } => {
                kept.hard.term == term && kept.terms.len() as u64 >= *matched
            }
            _ => kept.hard.term == term,
        };
        if !is_kept {
            return Err(("promises", format!("{} says {envelope:?}", host.id)));
        }
    }
    Ok(())
}
