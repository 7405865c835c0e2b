use cascadia_patterns::store::{
    Answer, Change, Condition, Extent, Key, MOST_CHANGES, MOST_ROWS, Page, Query, Range, Read,
    Revision, Row, StoreError, View, Writes,
};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::error::{meaning, strange};
use crate::sql;

type Found<T> = Result<T, StoreError>;

/// A transaction of PostgreSQL that has begun.
pub(crate) struct Session<'a> {
    client: &'a Client,
    /// The state that it sees.
    pub(crate) revision: Revision,
    forgotten: Revision,
}

impl<'a> Session<'a> {
    /// Begins one, in one round trip.
    pub(crate) async fn begin(client: &'a Client, begin: &str) -> Found<Self> {
        let messages = client.simple_query(begin).await.map_err(meaning)?;
        let meta = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let number = |column| {
            let text = meta?.try_get(column).ok().flatten()?;
            text.parse().ok().map(Revision::new)
        };
        let (Some(revision), Some(forgotten)) = (number(0), number(1)) else {
            return Err(strange("meta has no row"));
        };
        Ok(Self { client, revision, forgotten })
    }

    pub(crate) async fn view(&self, query: &Query) -> Found<View> {
        self.check(&query.given).await?;
        let mut answers = Vec::with_capacity(query.reads.len());
        for read in &query.reads {
            answers.push(match read {
                Read::Get(key) => Answer::Row(self.rows(&[key]).await?.pop()),
                Read::Range { range, limit } => Answer::Page(self.page(range, *limit).await?),
            });
        }
        Ok(View { revision: self.revision, answers })
    }

    /// Looks at all rows of conditions together, and at each range.
    pub(crate) async fn check(&self, given: &[Condition]) -> Found<()> {
        let keys: Vec<&Key> = given.iter().filter_map(key_of).collect();
        let rows = if keys.is_empty() { Vec::new() } else { self.rows(&keys).await? };
        for condition in given {
            let holds = match condition {
                Condition::Unchanged(range, extent) => self.extent(range).await? == *extent,
                of_key => {
                    let row = rows.iter().find(|row| Some(&row.key) == key_of(of_key));
                    of_key.holds_of(row.map(|row| (row.value.as_slice(), row.revision)))
                }
            };
            if !holds {
                return Err(StoreError::Conflict);
            }
        }
        Ok(())
    }

    async fn rows(&self, keys: &[&Key]) -> Found<Vec<Row>> {
        let keys: Vec<&[u8]> = keys.iter().map(|key| key.as_slice()).collect();
        self.query(sql::GET, &[(&keys, Type::BYTEA_ARRAY)]).await
    }

    async fn page(&self, range: &Range, limit: usize) -> Found<Page> {
        let most = limit.clamp(1, MOST_ROWS) as i64 + 1;
        let (from, to) = (range.from.as_slice(), range.to.as_deref());
        let bounds: [Parameter<'_>; 3] =
            [(&from, Type::BYTEA), (&to, Type::BYTEA), (&most, Type::INT8)];
        let rows = self.query(sql::RANGE, &bounds).await?;
        Page::of(range, limit, rows.into_iter().map(Ok))
    }

    async fn query(&self, query: &str, parameters: &[Parameter<'_>]) -> Found<Vec<Row>> {
        let rows = self.client.query_typed(query, parameters).await.map_err(meaning)?;
        rows.iter()
            .map(|row| {
                Ok(Row {
                    key: row.try_get(0).map_err(meaning)?,
                    value: row.try_get(1).map_err(meaning)?,
                    revision: revision(row.try_get(2).map_err(meaning)?)?,
                })
            })
            .collect()
    }

    async fn extent(&self, range: &Range) -> Found<Extent> {
        let (from, to) = (range.from.as_slice(), range.to.as_deref());
        let bounds: [Parameter<'_>; 2] = [(&from, Type::BYTEA), (&to, Type::BYTEA)];
        let row = self.client.query_typed_one(sql::EXTENT, &bounds).await.map_err(meaning)?;
        let rows = revision(row.try_get(0).map_err(meaning)?)?.get();
        Ok(Extent { rows, newest: revision(row.try_get(1).map_err(meaning)?)? })
    }

    pub(crate) async fn write(&self, writes: &Writes, keep: u64) -> Found<Revision> {
        let next = self.revision.next();
        let (mut put, mut values, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for (key, write) in writes {
            match write {
                Some(value) => {
                    put.push(key.as_slice());
                    values.push(value.as_slice());
                }
                None => gone.push(key.as_slice()),
            }
        }
        let (number, old) = (next.get() as i64, next.get().saturating_sub(keep) as i64);
        let parameters: [Parameter<'_>; 5] = [
            (&put, Type::BYTEA_ARRAY),
            (&values, Type::BYTEA_ARRAY),
            (&number, Type::INT8),
            (&gone, Type::BYTEA_ARRAY),
            (&old, Type::INT8),
        ];
        self.client.execute_typed(sql::COMMIT, &parameters).await.map_err(meaning)?;
        Ok(next)
    }

    /// None where there is none yet.
    pub(crate) async fn changes(&self, after: Revision) -> Found<Vec<Change>> {
        if after < self.forgotten {
            return Err(StoreError::Compacted);
        }
        if after >= self.revision {
            return Ok(Vec::new());
        }
        let (after, last) = (after.get() as i64, (after.get() + MOST_CHANGES as u64) as i64);
        let span: [Parameter<'_>; 2] = [(&after, Type::INT8), (&last, Type::INT8)];
        let rows = self.client.query_typed(sql::CHANGES, &span).await.map_err(meaning)?;
        let mut changes: Vec<Change> = Vec::new();
        for row in rows {
            let revision = revision(row.try_get(0).map_err(meaning)?)?;
            if changes.last().is_none_or(|last| last.revision != revision) {
                changes.push(Change { revision, writes: Writes::new() });
            }
            let key = row.try_get(1).map_err(meaning)?;
            let write = row.try_get(2).map_err(meaning)?;
            changes.last_mut().map(|change| change.writes.insert(key, write));
        }
        Ok(changes)
    }

    pub(crate) async fn forget(&self, through: Revision) -> Found<()> {
        let through = through.min(self.revision).get() as i64;
        let parameters: [Parameter<'_>; 1] = [(&through, Type::INT8)];
        self.client.execute_typed(sql::FORGET, &parameters).await.map_err(meaning).map(drop)
    }
}

type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

fn key_of(condition: &Condition) -> Option<&Key> {
    match condition {
        Condition::At(key, _) | Condition::Absent(key) | Condition::Equals(key, _) => Some(key),
        Condition::Unchanged(..) => None,
    }
}

fn revision(number: i64) -> Found<Revision> {
    let number = u64::try_from(number).map_err(|_| strange("a revision is negative"))?;
    Ok(Revision::new(number))
}
