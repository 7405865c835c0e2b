use std::collections::BTreeMap;
use std::sync::Arc;

use super::commit::{Commit, Condition, Writes};
use super::contract::Store;
use super::error::StoreError;
use super::query::{Answer, Page, Query, Read, View};
use super::range::Range;
use super::row::{Extent, Key, Revision, Row, Value};

/// Reads and writes that happen as if nobody else were there, or not at all.
///
/// Nothing is locked. Each read is remembered as a [`Condition`], every later one asks that
/// those before still hold, and so does the commit. All reads are therefore of one state,
/// and what is computed from them is never nonsense; and as ranges are
/// remembered, too, what somebody puts where nothing was found conflicts as well (no phantoms, no write skew).
/// Whoever loses is told [`Conflict`](StoreError::Conflict) and begins anew: many who write one row belong
/// behind a [`retry`](crate::retry) with jitter, or in one process.
///
/// A transaction that is dropped has not happened.
///
/// ```
/// use std::sync::Arc;
/// use cascadia_patterns::store::{Commit, MemoryStore, Store, StoreError, Transaction};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
/// store.commit(Commit::new().put("stock", [1])).await?;
///
/// let (mut ann, mut bea) = (Transaction::begin(&store), Transaction::begin(&store));
/// for buyer in [&mut ann, &mut bea] {
///     assert_eq!(buyer.get("stock").await?, Some(vec![1]));
///     buyer.put("stock", [0]);
/// }
/// assert!(ann.commit().await.is_ok());
/// assert_eq!(bea.commit().await, Err(StoreError::Conflict));
/// # Ok::<(), StoreError>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Transaction {
    store: Arc<dyn Store>,
    /// The state of which all was read.
    revision: Revision,
    /// In the order of their keys.
    read: Vec<(Key, Option<Row>)>,
    /// What must be as it was of the ranges that were read.
    ranges: Vec<Condition>,
    writes: Writes,
}

impl Transaction {
    /// Begins one, which asks the store nothing yet.
    pub fn begin(store: &Arc<dyn Store>) -> Self {
        Self {
            store: Arc::clone(store),
            revision: Revision::ZERO,
            read: Vec::new(),
            ranges: Vec::new(),
            writes: Writes::new(),
        }
    }

    /// The value of a key, which may be one that this transaction has put.
    ///
    /// # Errors
    ///
    /// As for [`Store::read`]; [`Conflict`](StoreError::Conflict) where something that was read before has
    /// changed.
    pub async fn get(&mut self, key: impl Into<Key>) -> Result<Option<Value>, StoreError> {
        let [value] = self.get_all([key.into()]).await?;
        Ok(value)
    }

    /// The values of several keys, of which those that it does not know are read together.
    ///
    /// # Errors
    ///
    /// As for [`get`](Self::get).
    pub async fn get_all<const N: usize>(
        &mut self,
        keys: [Key; N],
    ) -> Result<[Option<Value>; N], StoreError> {
        let is_new = |(at, key): &(usize, &Key)| {
            let is_known = self.writes.contains_key(*key) || self.place(key).is_ok();
            !is_known && !keys[..*at].contains(key)
        };
        let mut new = Query { reads: Vec::with_capacity(N), ..Query::new() };
        let reads = keys.iter().enumerate().filter(is_new);
        new.reads.extend(reads.map(|(_, key)| Read::Get(key.clone())));
        let found = if new.reads.is_empty() { Vec::new() } else { self.view(new).await?.answers };
        let mut found = found.into_iter();
        Ok(keys.map(|key| {
            if let Some(own) = self.writes.get(&key) {
                return own.clone();
            }
            let place = self.place(&key).unwrap_or_else(|place| {
                let row = match found.next() {
                    Some(Answer::Row(row)) => row,
                    _ => None,
                };
                self.read.insert(place, (key, row));
                place
            });
            self.read[place].1.as_ref().map(|row| row.value.clone())
        }))
    }

    /// Where a key is of those that were read, or would be.
    fn place(&self, key: &Key) -> Result<usize, usize> {
        self.read.binary_search_by(|(read, _)| read.cmp(key))
    }

    /// The state that all was read of so far; before the first read, the store is asked for its newest.
    ///
    /// A transaction that has seen what another one wrote has read a later state than that one has, and so
    /// has one that began when the other was acknowledged.
    ///
    /// # Errors
    ///
    /// As for [`Store::read`].
    pub async fn read(&mut self) -> Result<Revision, StoreError> {
        if self.revision == Revision::ZERO {
            self.view(Query::new()).await?;
        }
        Ok(self.revision)
    }

    /// The first rows of a range, with what this transaction has put and without what it
    /// has deleted there: `limit` bounds what the store is asked for. Rows of its own have the revision
    /// zero.
    ///
    /// # Errors
    ///
    /// As for [`get`](Self::get).
    pub async fn range(&mut self, range: Range, limit: usize) -> Result<Page, StoreError> {
        let page = self.view(Query::new().range(range.clone(), limit)).await?.into_page();
        // Of a range that was read in part, only that part must stay as it is.
        let seen =
            page.rest.as_ref().map_or_else(|| range.clone(), |rest| range.before(&rest.from));
        let extent = Extent::of(page.rows.iter().map(|row| row.revision));
        self.ranges.push(Condition::Unchanged(seen.clone(), extent));
        Ok(Page { rows: self.with_own(&seen, page.rows), rest: page.rest })
    }

    fn with_own(&self, seen: &Range, rows: Vec<Row>) -> Vec<Row> {
        let Some(bounds) = seen.bounds() else { return rows };
        let mut merged: BTreeMap<_, _> =
            rows.into_iter().map(|row| (row.key.clone(), row)).collect();
        for (key, write) in self.writes.range::<[u8], _>(bounds) {
            match write.clone() {
                Some(value) => {
                    let own = Row { key: key.clone(), value, revision: Revision::ZERO };
                    merged.insert(key.clone(), own);
                }
                None => drop(merged.remove(key)),
            }
        }
        merged.into_values().collect()
    }

    async fn view(&mut self, query: Query) -> Result<View, StoreError> {
        let rows = self.read.iter().map(|(key, row)| Condition::same(key, row.as_ref()));
        let given = rows.chain(self.ranges.iter().cloned()).collect();
        let view = self.store.read(Query { given, ..query }).await?;
        self.revision = view.revision;
        Ok(view)
    }

    /// Writes a row when it commits.
    pub fn put(&mut self, key: impl Into<Key>, value: impl Into<Value>) {
        self.writes.insert(key.into(), Some(value.into()));
    }

    /// Deletes a row when it commits.
    pub fn delete(&mut self, key: impl Into<Key>) {
        self.writes.insert(key.into(), None);
    }

    /// Drops what it has written: what it has read must still be so when it commits.
    pub fn drop_writes(&mut self) {
        self.writes.clear();
    }

    /// Commits. One that has written nothing asks the store nothing: what it has read was all true at
    /// its last read.
    ///
    /// # Errors
    ///
    /// As for [`Store::commit`].
    pub async fn commit(self) -> Result<Revision, StoreError> {
        if self.writes.is_empty() {
            return Ok(self.revision);
        }
        let rows = self.read.into_iter().map(|(key, row)| match row {
            Some(row) => Condition::At(key, row.revision),
            None => Condition::Absent(key),
        });
        let given = rows.chain(self.ranges).collect();
        self.store.commit(Commit { given, writes: self.writes }).await
    }
}
