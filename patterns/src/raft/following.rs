use cascadia_runtime::Time;

use super::core::{Part, Raft};
use super::entry::{Entry, MemberId};
use super::message::{Append, Body, Outcome};

impl Raft {
    pub(super) fn on_append(&mut self, now: Time, from: MemberId, term: u64, append: &Append) {
        if term == self.hard.term {
            assert!(!matches!(self.part, Part::Leader(_)), "two leaders in term {term}");
            self.part = Part::Follower;
            self.leader = Some(from);
            self.wait_for_leader(now);
        }
        let is_current = term == self.hard.term;
        let outcome = match self.conflict(append) {
            None if is_current => self.accept(append),
            conflict => refusal(append.prev_index, conflict),
        };
        self.send_durably(from, Body::Appended { round: append.round, outcome });
    }

    /// Where the follower's log is another one than the leader's, if it is: the term that its entry
    /// has there, and the first entry of that term. With these the leader skips a term at a time.
    fn conflict(&self, append: &Append) -> Option<(u64, u64)> {
        match self.log.term(append.prev_index) {
            Some(term) if term == append.prev_term => None,
            Some(term) => Some((term, self.log.first_of_term_at(append.prev_index))),
            None => Some((0, self.log.last_index() + 1)),
        }
    }

    fn accept(&mut self, append: &Append) -> Outcome {
        let is_here = |entry: &&Entry| self.log.term(entry.index) == Some(entry.term);
        let known = append.entries.iter().take_while(is_here).count();
        let new = &append.entries[known..];
        if let Some(first) = new.first() {
            if first.index <= self.log.last_index() {
                assert!(first.index > self.commit, "a committed entry would be replaced");
                self.log.truncate_from(first.index);
                self.durability.on_truncated(first.index);
            }
            self.log.extend(new);
        }
        let matched = append.prev_index + append.entries.len() as u64;
        self.commit = self.commit.max(append.commit.min(matched));
        Outcome::Accepted { matched }
    }
}

fn refusal(prev_index: u64, conflict: Option<(u64, u64)>) -> Outcome {
    let (conflict_term, conflict_index) = conflict.unwrap_or((0, prev_index));
    Outcome::Refused { prev_index, conflict_term, conflict_index }
}
