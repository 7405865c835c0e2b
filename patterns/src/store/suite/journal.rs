use std::collections::BTreeMap;

use super::workload::{Told, attempt};
use crate::store::commit::{Change, Writes};
use crate::store::contract::Store;
use crate::store::error::StoreError;
use crate::store::range::Range;
use crate::store::row::{Key, Revision, Row, Value};

/// What clients were told by a store, and what must therefore be in it.
#[derive(Clone, Debug)]
pub struct Journal {
    seed: u64,
    /// The state up to which the store was checked, and the rows of that.
    revision: Revision,
    rows: BTreeMap<Key, (Value, Revision)>,
    /// Commits that somebody knows of, which are not yet checked.
    known: BTreeMap<Revision, Writes>,
    /// Commits of which nobody knows, by the numbers of their attempts.
    unknown: BTreeMap<u64, Writes>,
}

impl Journal {
    /// That of an empty store, and of the attempts of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            revision: Revision::ZERO,
            rows: BTreeMap::new(),
            known: BTreeMap::new(),
            unknown: BTreeMap::new(),
        }
    }

    /// A client was told something about an attempt.
    pub fn tell(&mut self, number: u64, told: Told) {
        match told {
            Told::Begun => {
                self.unknown.insert(number, attempt(self.seed, number).writes);
            }
            Told::Committed(revision) => {
                let writes = self.unknown.remove(&number).expect("it was begun");
                self.known(Change { revision, writes });
            }
            Told::Refused => drop(self.unknown.remove(&number)),
        }
    }

    /// Somebody was shown a commit.
    pub fn seen(&mut self, change: Change) {
        if change.revision > self.revision {
            self.known(change);
        }
    }

    fn known(&mut self, change: Change) {
        let Change { revision, writes } = change;
        let told = self.known.entry(revision).or_insert_with(|| writes.clone());
        assert_eq!(*told, writes, "two commits have revision {revision}");
    }

    /// Looks at a store that has come back. What was not known to be committed and is not there must never be.
    ///
    /// # Errors
    ///
    /// Those of the store, when it dies meanwhile.
    pub async fn check(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        let newest = store.revision().await?;
        while self.revision < newest {
            for change in store.changes(self.revision).await? {
                self.pass(change);
            }
        }
        let lost = std::mem::take(&mut self.known);
        assert!(lost.is_empty(), "at {newest} lost {lost:?}");
        self.unknown.clear();
        self.check_rows(store).await
    }

    /// The next commit of the store: a known one, or one that was under way.
    fn pass(&mut self, change: Change) {
        assert_eq!(change.revision, self.revision.next(), "there is a gap");
        match self.known.remove(&change.revision) {
            Some(known) => assert_eq!(change.writes, known, "not what was acknowledged"),
            None => {
                let found = self.unknown.iter().find(|(_, writes)| **writes == change.writes);
                let number = found.map(|(number, _)| *number);
                self.unknown.remove(&number.expect("nobody has committed this, or not whole"));
            }
        }
        self.unknown.retain(|_, writes| *writes != change.writes);
        self.revision = change.revision;
        for (key, write) in change.writes {
            match write {
                Some(value) => drop(self.rows.insert(key, (value, change.revision))),
                None => drop(self.rows.remove(&key)),
            }
        }
    }

    async fn check_rows(&self, store: &dyn Store) -> Result<(), StoreError> {
        let (mut rows, mut rest) = (Vec::new(), Some(Range::all()));
        while let Some(range) = rest {
            let page = store.range(range, 100).await?;
            rows.extend(page.rows);
            rest = page.rest;
        }
        let expected = self.rows.iter().map(|(key, (value, revision))| Row {
            key: key.clone(),
            value: value.clone(),
            revision: *revision,
        });
        assert_eq!(rows, expected.collect::<Vec<_>>(), "the rows are not what the changes say");
        Ok(())
    }

    /// How many commits the store had when it was last checked.
    pub fn commits(&self) -> u64 {
        self.revision.get()
    }
}
