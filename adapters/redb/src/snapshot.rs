use cascadia_patterns::store::{Change, Query, Revision, StoreError, View};
use redb::{Database, ReadTransaction, ReadableDatabase};

use crate::error::meaning;
use crate::tables::{FORGOTTEN, Found, HISTORY, META, REVISION, ROWS, Rows, changes, number};

/// A durable state of the store.
pub(crate) struct Snapshot {
    read: ReadTransaction,
    pub(crate) revision: Revision,
    forgotten: u64,
}

impl Snapshot {
    pub(crate) fn new(database: &Database) -> Found<Self> {
        let read = database.begin_read().map_err(meaning)?;
        let meta = read.open_table(META).map_err(meaning)?;
        let revision = Revision::new(number(&meta, REVISION)?);
        let forgotten = number(&meta, FORGOTTEN)?;
        drop(meta);
        Ok(Self { read, revision, forgotten })
    }

    pub(crate) fn view(&self, query: &Query) -> Found<View> {
        let rows = self.read.open_table(ROWS).map_err(meaning)?;
        Rows(&rows).view(self.revision, query)
    }

    /// None where there is none yet.
    pub(crate) fn changes(&self, after: Revision) -> Found<Vec<Change>> {
        if after.get() < self.forgotten {
            return Err(StoreError::Compacted);
        }
        let history = self.read.open_table(HISTORY).map_err(meaning)?;
        changes(&history, after)
    }
}
