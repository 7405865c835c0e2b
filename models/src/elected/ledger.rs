use std::collections::BTreeMap;

use cascadia_patterns::raft::{Entry, Raft};
use cascadia_sim_core::Local;

use crate::component::Invariant;
use crate::exchange::{Deed, Origin};

/// What is known of all replicas of a store together, which none of them knows: whether they keep the
/// laws of a log.
#[derive(Default)]
pub(crate) struct Ledger(Local<State>);

#[derive(Default)]
struct State {
    /// The entry that was first applied at each index.
    applied: Vec<Entry>,
    /// Entries that another replica has applied otherwise.
    parted: u64,
    /// What was acknowledged, by its index, each with the term in which it was.
    acknowledged: BTreeMap<u64, (Entry, u64)>,
    /// Acknowledged entries that a later leader has not.
    gone: u64,
    /// The latest term in which somebody was elected.
    term: u64,
    /// What the work is that commands do, until they have done it.
    deeds: BTreeMap<u64, (Deed, Origin)>,
}

impl Ledger {
    /// A command is proposed, which does work that is to be done once.
    pub(super) fn propose(&self, command: u64, work: (Deed, Origin)) {
        self.0.borrow_mut().deeds.insert(command, work);
    }

    /// A command is applied somewhere. The work that it does, if nobody has before.
    pub(super) fn perform(&self, command: u64) -> Option<(Deed, Origin)> {
        self.0.borrow_mut().deeds.remove(&command)
    }

    /// A replica applies an entry.
    pub(super) fn apply(&self, entry: &Entry) {
        let State { applied, parted, .. } = &mut *self.0.borrow_mut();
        match applied.get(entry.index as usize - 1) {
            Some(first) => *parted += u64::from(first != entry),
            None => applied.push(entry.clone()),
        }
    }

    /// What an entry has done is told, in a term, to whoever wanted it.
    pub(super) fn acknowledge(&self, entry: &Entry, term: u64) {
        self.0.borrow_mut().acknowledged.insert(entry.index, (entry.clone(), term));
    }

    /// A replica is elected. Whether nobody was in a later term.
    pub(super) fn elect(&self, leader: &Raft) -> bool {
        let State { acknowledged, gone, term, .. } = &mut *self.0.borrow_mut();
        let own = leader.status().term;
        let earlier = acknowledged.values().filter(|(_, told)| *told < own);
        let is_gone = |(entry, _): &&(Entry, u64)| leader.entry(entry.index) != Some(entry);
        *gone += earlier.filter(is_gone).count() as u64;
        let is_latest = own > *term;
        *term = own.max(*term);
        is_latest
    }

    /// The laws, of a store of which so many reads were stale.
    pub(crate) fn laws(&self, store: &str, stale: u64) -> Vec<Invariant> {
        let State { applied, parted, acknowledged, gone, .. } = &*self.0.borrow_mut();
        let law = |name: &str, broken: u64, what: String| Invariant {
            name: format!("{name} {store}"),
            passed: broken == 0,
            detail: what,
        };
        vec![
            law(
                "acknowledged-is-kept",
                *gone,
                format!(
                    "{} acknowledged, {gone} of them missed by a later leader",
                    acknowledged.len()
                ),
            ),
            law(
                "no-stale-read",
                stale,
                format!("{stale} reads missed what was acknowledged before"),
            ),
            law(
                "one-log",
                *parted,
                format!("{} applied, {parted} of them otherwise by another replica", applied.len()),
            ),
        ]
    }
}
