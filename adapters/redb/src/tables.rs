use cascadia_patterns::store::{
    Answer, Change, Condition, Extent, MOST_CHANGES, Page, Query, Range, Read, Revision, Row,
    StoreError, View,
};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError};

use crate::error::meaning;
use crate::format::{decode_change, decode_row};

/// Keys to [rows](crate::format::encode_row).
pub(crate) const ROWS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("rows");
/// Revisions to [changes](crate::format::encode_change).
pub(crate) const HISTORY: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("history");
/// Of the store as a whole: [`REVISION`] and [`FORGOTTEN`].
pub(crate) const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
/// The newest revision.
pub(crate) const REVISION: &str = "revision";
/// The newest revision whose change is not kept.
pub(crate) const FORGOTTEN: &str = "forgotten";

pub(crate) type Found<T> = Result<T, StoreError>;

/// Makes the tables of a new file.
pub(crate) fn create(database: &Database) -> Found<()> {
    let read = database.begin_read().map_err(meaning)?;
    if !matches!(read.open_table(META), Err(TableError::TableDoesNotExist(_))) {
        return Ok(());
    }
    let write = database.begin_write().map_err(meaning)?;
    write.open_table(ROWS).map_err(meaning)?;
    write.open_table(HISTORY).map_err(meaning)?;
    write.open_table(META).map_err(meaning)?;
    write.commit().map_err(meaning)
}

/// A number of the store as a whole, zero where none was ever written.
pub(crate) fn number(meta: &impl ReadableTable<&'static str, u64>, name: &str) -> Found<u64> {
    Ok(meta.get(name).map_err(meaning)?.map_or(0, |held| held.value()))
}

/// The rows of a snapshot, or of a commit in the making.
pub(crate) struct Rows<'a, T>(pub(crate) &'a T);

impl<T: ReadableTable<&'static [u8], &'static [u8]>> Rows<'_, T> {
    pub(crate) fn view(&self, revision: Revision, query: &Query) -> Found<View> {
        self.check(&query.given)?;
        let answers = query.reads.iter().map(|read| self.answer(read));
        Ok(View { revision, answers: answers.collect::<Found<_>>()? })
    }

    fn answer(&self, read: &Read) -> Found<Answer> {
        Ok(match read {
            Read::Get(key) => Answer::Row(self.get(key)?),
            Read::Range { range, limit } => {
                Answer::Page(Page::of(range, *limit, self.range(range)?)?)
            }
        })
    }

    pub(crate) fn check(&self, given: &[Condition]) -> Found<()> {
        for condition in given {
            if !self.holds(condition)? {
                return Err(StoreError::Conflict);
            }
        }
        Ok(())
    }

    fn holds(&self, condition: &Condition) -> Found<bool> {
        match condition {
            Condition::Unchanged(range, extent) => {
                let revisions = self.range(range)?.map(|row| Ok(row?.revision));
                Ok(Extent::of(revisions.collect::<Found<Vec<_>>>()?) == *extent)
            }
            Condition::At(key, _) | Condition::Absent(key) | Condition::Equals(key, _) => {
                let row = self.get(key)?;
                Ok(condition.holds_of(row.as_ref().map(|row| (row.value.as_slice(), row.revision))))
            }
        }
    }

    fn get(&self, key: &[u8]) -> Found<Option<Row>> {
        let held = self.0.get(key).map_err(meaning)?;
        held.map(|held| row(key, held.value())).transpose()
    }

    fn range(&self, range: &Range) -> Found<impl Iterator<Item = Found<Row>>> {
        let bounds = range.bounds();
        let rows =
            bounds.map(|bounds| self.0.range::<&[u8]>(bounds).map_err(meaning)).transpose()?;
        Ok(rows.into_iter().flatten().map(|found| {
            let (key, held) = found.map_err(meaning)?;
            row(key.value(), held.value())
        }))
    }
}

fn row(key: &[u8], held: &[u8]) -> Found<Row> {
    let (revision, value) = decode_row(key, held)?;
    Ok(Row { key: key.to_vec(), value, revision })
}

/// The changes after a state.
pub(crate) fn changes(
    history: &impl ReadableTable<u64, &'static [u8]>,
    after: Revision,
) -> Found<Vec<Change>> {
    let found = history.range(after.next().get()..).map_err(meaning)?;
    let changes = found.take(MOST_CHANGES).map(|found| {
        let (revision, held) = found.map_err(meaning)?;
        let revision = Revision::new(revision.value());
        Ok(Change { revision, writes: decode_change(revision, held.value())? })
    });
    changes.collect()
}
