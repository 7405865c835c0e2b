use cascadia_patterns::store::{Commit, Revision, StoreError};
use redb::{Table, WriteTransaction};

use crate::error::meaning;
use crate::format::{encode_change, encode_row};
use crate::tables::{FORGOTTEN, Found, HISTORY, META, REVISION, ROWS, Rows, number};

/// What is asked of the engine.
pub(crate) enum Job {
    Commit(Commit),
    Forget(Revision),
}

pub(crate) struct Applied {
    pub(crate) answers: Vec<Found<Revision>>,
    pub(crate) has_written: bool,
}

/// Does jobs within one transaction of redb, each as if it were alone after those before it.
pub(crate) fn apply(write: &WriteTransaction, jobs: &[Job], keep: u64) -> Found<Applied> {
    let mut tables = Tables {
        rows: write.open_table(ROWS).map_err(meaning)?,
        history: write.open_table(HISTORY).map_err(meaning)?,
        meta: write.open_table(META).map_err(meaning)?,
        has_written: false,
    };
    let mut answers = Vec::with_capacity(jobs.len());
    for job in jobs {
        let answer = match job {
            Job::Commit(commit) => tables.commit(commit, keep),
            Job::Forget(through) => tables.forget(*through),
        };
        match answer {
            Ok(_) | Err(StoreError::Conflict) => answers.push(answer),
            Err(error) => return Err(error),
        }
    }
    Ok(Applied { answers, has_written: tables.has_written })
}

struct Tables<'a> {
    rows: Table<'a, &'static [u8], &'static [u8]>,
    history: Table<'a, u64, &'static [u8]>,
    meta: Table<'a, &'static str, u64>,
    has_written: bool,
}

impl Tables<'_> {
    fn commit(&mut self, commit: &Commit, keep: u64) -> Found<Revision> {
        Rows(&self.rows).check(&commit.given)?;
        let revision = Revision::new(number(&self.meta, REVISION)?);
        if commit.writes.is_empty() {
            return Ok(revision);
        }
        let revision = revision.next();
        for (key, write) in &commit.writes {
            let key = key.as_slice();
            match write {
                Some(value) => {
                    let row = encode_row(key, revision, value);
                    self.rows.insert(key, row.as_slice()).map_err(meaning)?;
                }
                None => drop(self.rows.remove(key).map_err(meaning)?),
            }
        }
        let change = encode_change(revision, &commit.writes);
        self.history.insert(revision.get(), change.as_slice()).map_err(meaning)?;
        self.set(REVISION, revision.get())?;
        self.forget(Revision::new(revision.get().saturating_sub(keep)))?;
        Ok(revision)
    }

    fn forget(&mut self, through: Revision) -> Found<Revision> {
        let revision = number(&self.meta, REVISION)?;
        let (from, through) = (number(&self.meta, FORGOTTEN)?, through.get().min(revision));
        if through > from {
            for gone in from + 1..=through {
                self.history.remove(gone).map_err(meaning)?;
            }
            self.set(FORGOTTEN, through)?;
        }
        Ok(Revision::new(revision))
    }

    fn set(&mut self, name: &str, number: u64) -> Found<()> {
        self.meta.insert(name, number).map_err(meaning)?;
        self.has_written = true;
        Ok(())
    }
}
