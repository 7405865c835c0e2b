use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::ops::Bound;
use std::slice;

use crate::store::commit::{Change, Commit, Condition, MOST_CHANGES, Together, Writes};
use crate::store::error::StoreError;
use crate::store::query::{Answer, Page, Query, Read, View};
use crate::store::range::Range;
use crate::store::row::{Extent, Key, Revision, Row, Value};

/// Rows, and the commits that made them.
#[derive(Debug)]
pub(super) struct State {
    revision: Revision,
    rows: BTreeMap<Key, (Value, Revision)>,
    /// The newest commits, without a gap.
    history: VecDeque<Change>,
    keep: u64,
}

impl State {
    pub(super) fn new(keep: u64) -> Self {
        Self { revision: Revision::ZERO, rows: BTreeMap::new(), history: VecDeque::new(), keep }
    }

    pub(super) fn read(&self, query: &Query) -> Result<View, StoreError> {
        self.check(&query.given)?;
        let answers = query.reads.iter().map(|read| self.answer(read)).collect();
        Ok(View { revision: self.revision, answers })
    }

    fn answer(&self, read: &Read) -> Answer {
        match read {
            Read::Get(key) => Answer::Row(self.rows.get(key).map(|held| row(key, held))),
            Read::Range { range, limit } => {
                let rows = self.range(range).map(|(key, held)| Ok::<_, Infallible>(row(key, held)));
                let Ok(page) = Page::of(range, *limit, rows);
                Answer::Page(page)
            }
        }
    }

    fn range(&self, range: &Range) -> impl Iterator<Item = (&Key, &(Value, Revision))> {
        range.bounds().into_iter().flat_map(|bounds| self.rows.range::<[u8], _>(bounds))
    }

    fn check(&self, given: &[Condition]) -> Result<(), StoreError> {
        match given.iter().all(|condition| self.holds(condition)) {
            true => Ok(()),
            false => Err(StoreError::Conflict),
        }
    }

    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Unchanged(range, extent) => {
                Extent::of(self.range(range).map(|(_, (_, revision))| *revision)) == *extent
            }
            Condition::At(key, _) | Condition::Absent(key) | Condition::Equals(key, _) => {
                let held = self.rows.get(key);
                condition.holds_of(held.map(|(value, revision)| (value.as_slice(), *revision)))
            }
        }
    }

    pub(super) fn commit(&mut self, commit: Commit) -> Result<Revision, StoreError> {
        self.allows(slice::from_ref(&commit))?;
        Ok(self.make([commit]))
    }

    pub(super) fn commit_all(&mut self, commits: Vec<Commit>) -> Together {
        match self.allows(&commits) {
            Ok(()) => Ok(self.make(commits)),
            Err(error) => Err((error, commits)),
        }
    }

    fn allows(&self, commits: &[Commit]) -> Result<(), StoreError> {
        Commit::check_all(commits)?;
        commits.iter().try_for_each(|commit| self.check(&commit.given))
    }

    /// Makes commits one, that may be made.
    fn make(&mut self, commits: impl IntoIterator<Item = Commit>) -> Revision {
        let revision = self.revision.next();
        let mut kept = Writes::new();
        for (key, write) in commits.into_iter().flat_map(|commit| commit.writes) {
            if self.keep > 0 {
                kept.insert(key.clone(), write.clone());
            }
            match write {
                Some(value) => drop(self.rows.insert(key, (value, revision))),
                None => drop(self.rows.remove(&key)),
            }
            self.revision = revision;
        }
        if !kept.is_empty() {
            if self.history.len() as u64 == self.keep {
                self.history.pop_front();
            }
            self.history.push_back(Change { revision, writes: kept });
        }
        self.revision
    }

    pub(super) fn discard(&mut self, range: Range) {
        if !range.is_empty() {
            let to = range.to.map_or(Bound::Unbounded, Bound::Excluded);
            let all = (Bound::Included(range.from), to);
            self.rows.extract_if(all, |_, _| true).for_each(drop);
        }
    }

    /// The commits after a state; none where there is none yet.
    pub(super) fn changes(&self, after: Revision) -> Result<Vec<Change>, StoreError> {
        let forgotten = self.revision.get() - self.history.len() as u64;
        if after.get() < forgotten {
            return Err(StoreError::Compacted);
        }
        let known = usize::try_from(after.get() - forgotten).unwrap_or(usize::MAX);
        Ok(self.history.iter().skip(known).take(MOST_CHANGES).cloned().collect())
    }

    pub(super) fn forget(&mut self, through: Revision) {
        let kept = self.history.partition_point(|change| change.revision <= through);
        self.history.drain(..kept);
    }
}

fn row(key: &Key, (value, revision): &(Value, Revision)) -> Row {
    Row { key: key.clone(), value: value.clone(), revision: *revision }
}
