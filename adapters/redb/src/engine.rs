use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use cascadia_patterns::store::{Revision, StoreError};
use cascadia_runtime::Disk;
use redb::{Builder, Database};

use crate::apply::{Job, apply};
use crate::backend::{Backend, Cut};
use crate::config::RedbConfig;
use crate::error::meaning;
use crate::snapshot::Snapshot;
use crate::tables::{Found, create};

/// The database, and who writes to it. It blocks.
pub(crate) struct Engine {
    disk: Arc<dyn Disk>,
    name: String,
    config: RedbConfig,
    open: Option<Opened>,
    /// The newest state that was durable.
    known: Revision,
}

/// An open file. Dropped, it is left as a crash would leave it.
struct Opened {
    /// There until it is dropped.
    database: Option<Database>,
    cut: Cut,
}

impl Opened {
    fn database(&self) -> Found<&Database> {
        self.database.as_ref().ok_or_else(|| StoreError::Unavailable("it is closed".to_owned()))
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.cut.off();
        let database = self.database.take();
        // What has failed may do so once more, and is of no interest any more.
        let _ = careful(|| {
            drop(database);
            Ok(())
        });
    }
}

/// What became of jobs that were done together.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) answers: Vec<Found<Revision>>,
    /// What is durable now, if that can be read.
    pub(crate) snapshot: Option<Snapshot>,
}

impl Engine {
    pub(crate) fn new(disk: Arc<dyn Disk>, name: &str, config: RedbConfig) -> Self {
        Self { disk, name: name.to_owned(), config, open: None, known: Revision::ZERO }
    }

    /// The durable state, for which the file is opened if it is not.
    pub(crate) fn snapshot(&mut self) -> Found<Snapshot> {
        let snapshot = self.attempt(|engine| Snapshot::new(engine.opened()?.database()?))?;
        self.known = snapshot.revision;
        Ok(snapshot)
    }

    /// Does all jobs, and syncs once. Each sees those before it.
    pub(crate) fn run(&mut self, jobs: &[Job]) -> Done {
        let mut is_committing = false;
        let done = self.attempt(|engine| {
            let mut write = engine.opened()?.database()?.begin_write().map_err(meaning)?;
            write.set_two_phase_commit(engine.config.two_phase);
            let applied = apply(&write, jobs, engine.config.keep)?;
            if applied.has_written {
                is_committing = true;
                write.commit().map_err(meaning)?;
            }
            Ok(applied.answers)
        });
        let answers = done.unwrap_or_else(|error| {
            let error = if is_committing { self.aftermath(error) } else { error };
            jobs.iter().map(|_| Err(error.clone())).collect()
        });
        Done { answers, snapshot: self.snapshot().ok() }
    }

    /// What an error while committing means. A commit is in the file when its header says so, which is written
    /// last. Where it does not, nothing has happened, and what comes next takes its place.
    fn aftermath(&mut self, error: StoreError) -> StoreError {
        let before = self.known;
        match self.snapshot() {
            Ok(now) if now.revision == before => error,
            _ => StoreError::Unknown(error.to_string()),
        }
    }

    /// Does something, and lets go of the file if that fails: redb goes on with nothing once its storage has
    /// failed it.
    fn attempt<T>(&mut self, work: impl FnOnce(&mut Self) -> Found<T>) -> Found<T> {
        let done = careful(|| work(self));
        if done.is_err() {
            self.open = None;
        }
        done
    }

    fn opened(&mut self) -> Found<&Opened> {
        let opened = match self.open.take() {
            Some(opened) => opened,
            None => self.reopen()?,
        };
        Ok(self.open.insert(opened))
    }

    /// redb takes a file whose making a crash has cut short for somebody else's. So as long as one is made,
    /// a second file says so, and what is found beside that is nothing yet.
    fn reopen(&self) -> Found<Opened> {
        let (making, io) =
            (format!("{}.making", self.name), |error| meaning(redb::Error::Io(error)));
        let names = self.disk.names().map_err(io)?;
        let is_there = |name: &str| names.iter().any(|there| there == name);
        let is_new = is_there(&making) || !is_there(&self.name);
        if is_new {
            self.disk.open(&making).map_err(io)?;
            self.disk.remove(&self.name).map_err(io)?;
        }
        let opened = self.open_file()?;
        if is_new {
            self.disk.remove(&making).map_err(io)?;
        }
        Ok(opened)
    }

    fn open_file(&self) -> Found<Opened> {
        let file = self.disk.open(&self.name).map_err(redb::Error::Io).map_err(meaning)?;
        let cut = Cut::default();
        let database = Builder::new()
            .set_cache_size(self.config.cache)
            .set_check_integrity_on_open(true)
            .create_with_backend(Backend::new(file, cut.clone()))
            .map_err(meaning)?;
        let opened = Opened { database: Some(database), cut };
        create(opened.database()?)?;
        Ok(opened)
    }

    /// Leaves the file as one that needs no repair.
    pub(crate) fn close(&mut self) -> Found<()> {
        let Some(mut opened) = self.open.take() else { return Ok(()) };
        // It is cut off only after that.
        opened.database.take().map_or(Ok(()), |database| database.close().map_err(meaning))
    }
}

/// Where redb panics, the file is not as it was left.
pub(crate) fn careful<T>(work: impl FnOnce() -> Found<T>) -> Found<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(StoreError::Corrupt(message(&*panic))))
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
}
