use std::collections::BTreeMap;

use cascadia_runtime::Stream;

use crate::store::commit::{Change, Commit, Condition, MOST_CHANGES, Writes};
use crate::store::contract::Store;
use crate::store::error::StoreError;
use crate::store::query::{Answer, MOST_ROWS, Page, Query, Read, View};
use crate::store::range::Range;
use crate::store::row::{Extent, Key, Revision, Row};

/// Asks an empty store `steps` things that are drawn, and a model of it the same.
pub async fn compare(store: &dyn Store, steps: u64, draws: &mut Stream) {
    let mut model = Model::default();
    for _ in 0..steps {
        match draws.below(16) {
            0..=8 => {
                let commit = model.draw_commit(draws);
                let expected = model.commit(&commit);
                assert_eq!(store.commit(commit.clone()).await, expected, "{commit:?}");
            }
            9..=12 => {
                let query = model.draw_query(draws);
                assert_eq!(store.read(query.clone()).await, model.read(&query), "{query:?}");
            }
            13..=14 => {
                let after = draws.below(model.history.len() as u64 + 1);
                let expected = model.changes(after);
                // Where there is none, it would wait.
                if expected != Ok(Vec::new()) {
                    assert_eq!(store.changes(Revision::new(after)).await, expected, "{after}");
                }
            }
            _ => {
                let through = draws.below(model.history.len() as u64 + 1);
                if draws.below(8) == 0 {
                    model.forgotten = model.forgotten.max(through);
                    store.forget(Revision::new(through)).await.unwrap();
                }
            }
        }
    }
}

/// All that was ever committed. Its rows are made anew from that for each question.
#[derive(Debug, Default)]
struct Model {
    history: Vec<Writes>,
    forgotten: u64,
}

type Rows = BTreeMap<Key, Row>;

impl Model {
    fn revision(&self) -> Revision {
        Revision::new(self.history.len() as u64)
    }

    fn rows(&self) -> Rows {
        let mut rows = Rows::new();
        for (revision, writes) in (1..).map(Revision::new).zip(&self.history) {
            for (key, write) in writes {
                let row =
                    |value: &Vec<u8>| Row { key: key.clone(), value: value.clone(), revision };
                match write {
                    Some(value) => drop(rows.insert(key.clone(), row(value))),
                    None => drop(rows.remove(key)),
                }
            }
        }
        rows
    }

    fn commit(&mut self, commit: &Commit) -> Result<Revision, StoreError> {
        let rows = self.rows();
        if !commit.given.iter().all(|condition| holds(&rows, condition)) {
            return Err(StoreError::Conflict);
        }
        if !commit.writes.is_empty() {
            self.history.push(commit.writes.clone());
        }
        Ok(self.revision())
    }

    fn read(&self, query: &Query) -> Result<View, StoreError> {
        let rows = self.rows();
        if !query.given.iter().all(|condition| holds(&rows, condition)) {
            return Err(StoreError::Conflict);
        }
        let answer = |read: &Read| match read {
            Read::Get(key) => Answer::Row(rows.get(key).cloned()),
            Read::Range { range, limit } => Answer::Page(page(&rows, range, *limit)),
        };
        let answers = query.reads.iter().map(answer).collect();
        Ok(View { revision: self.revision(), answers })
    }

    fn changes(&self, after: u64) -> Result<Vec<Change>, StoreError> {
        if after < self.forgotten {
            return Err(StoreError::Compacted);
        }
        let numbered = (1..).map(Revision::new).zip(self.history.iter().cloned());
        let changes = numbered.map(|(revision, writes)| Change { revision, writes });
        Ok(changes.skip(after as usize).take(MOST_CHANGES).collect())
    }

    fn draw_commit(&self, draws: &mut Stream) -> Commit {
        let mut commit = Commit::new();
        for _ in 0..draws.below(4) {
            commit = match draws.below(3) {
                0 => commit.delete(draw_key(draws)),
                _ => commit.put(draw_key(draws), draw_value(draws)),
            };
        }
        commit.given = self.draw_conditions(draws);
        commit
    }

    fn draw_query(&self, draws: &mut Stream) -> Query {
        let mut query = Query { given: self.draw_conditions(draws), reads: Vec::new() };
        for _ in 0..draws.below(4) {
            query = match draws.below(2) {
                0 => query.get(draw_key(draws)),
                _ => query.range(draw_range(draws), draws.below(6) as usize),
            };
        }
        query
    }

    /// Mostly such as hold.
    fn draw_conditions(&self, draws: &mut Stream) -> Vec<Condition> {
        let rows = self.rows();
        (0..draws.below(3)).map(|_| draw_condition(&rows, self.revision(), draws)).collect()
    }
}

fn page(rows: &Rows, range: &Range, limit: usize) -> Page {
    let inside: Vec<_> = rows.values().filter(|row| range.contains(&row.key)).cloned().collect();
    let limit = limit.clamp(1, MOST_ROWS);
    let rest = (inside.len() > limit).then(|| range.after(&inside[limit - 1].key));
    Page { rows: inside.into_iter().take(limit).collect(), rest }
}

fn holds(rows: &Rows, condition: &Condition) -> bool {
    match condition {
        Condition::At(key, revision) => rows.get(key).is_some_and(|row| row.revision == *revision),
        Condition::Absent(key) => !rows.contains_key(key),
        Condition::Equals(key, value) => rows.get(key).is_some_and(|row| row.value == *value),
        Condition::Unchanged(range, extent) => *extent == extent_of(rows, range),
    }
}

fn extent_of(rows: &Rows, range: &Range) -> Extent {
    Extent::of(rows.values().filter(|row| range.contains(&row.key)).map(|row| row.revision))
}

fn draw_condition(rows: &Rows, newest: Revision, draws: &mut Stream) -> Condition {
    let (key, holds) = (draw_key(draws), draws.below(8) > 0);
    let row = rows.get(&key).filter(|_| holds);
    match draws.below(3) {
        0 => Condition::same(&key, row),
        1 => match row {
            Some(row) => Condition::Equals(key, row.value.clone()),
            None => Condition::Equals(key, draw_value(draws)),
        },
        _ => {
            let range = draw_range(draws);
            let mut extent = extent_of(rows, &range);
            if !holds {
                extent.newest = Revision::new(draws.below(newest.get() + 1));
            }
            Condition::Unchanged(range, extent)
        }
    }
}

fn draw_key(draws: &mut Stream) -> Key {
    let length = draws.below(3);
    (0..length).map(|_| [0, b'a', b'b', 0xff][draws.below(4) as usize]).collect()
}

fn draw_value(draws: &mut Stream) -> Vec<u8> {
    (0..draws.below(3)).map(|_| draws.below(2) as u8).collect()
}

fn draw_range(draws: &mut Stream) -> Range {
    match draws.below(4) {
        0 => Range::all(),
        1 => Range::prefix(draw_key(draws)),
        2 => Range { from: draw_key(draws), to: None },
        _ => Range::new(draw_key(draws), draw_key(draws)),
    }
}
