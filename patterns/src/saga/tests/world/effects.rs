use std::sync::{Arc, Mutex};

use cascadia_runtime::Stream;

use crate::call::BoxFuture;
use crate::saga::Direction;
use crate::saga::participant::{Contention, Effects, Judged, Turn};
use crate::store::{Commit, Store, StoreError};
use crate::sync::lock;

/// What is wrong with a participant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::saga::tests) enum Flaw {
    #[default]
    None,
    /// It says that it has undone what it has not.
    BrokenUndo,
    /// What it does is committed before the note of it.
    NotAtomic,
}

/// Steps that write down what was done, refuse at times, fail at times, and lock what all sagas want.
#[derive(Clone)]
pub(in crate::saga::tests) struct Traced {
    pub(in crate::saga::tests) store: Arc<dyn Store>,
    pub(in crate::saga::tests) draws: Arc<Mutex<Stream>>,
    pub(in crate::saga::tests) refuses: f64,
    pub(in crate::saga::tests) fails: f64,
    /// How what all sagas want is locked, if it is.
    pub(in crate::saga::tests) contention: Option<Contention>,
    pub(in crate::saga::tests) flaw: Flaw,
}

impl Effects for Traced {
    fn play(&self, turn: Turn) -> BoxFuture<Result<Judged, StoreError>> {
        let own = self.clone();
        Box::pin(async move { own.done(turn).await })
    }
}

/// What was done about a step, in order: `d` or `u`, and the epoch.
pub(in crate::saga::tests) fn row(saga: &str, step: &str) -> Vec<u8> {
    format!("did/{saga}/{step}").into()
}

/// The same as letters.
pub(in crate::saga::tests) async fn did(store: &dyn Store, saga: &str, step: &str) -> String {
    let found = store.get(row(saga, step)).await.unwrap();
    let did = found.map(|row| row.value).unwrap_or_default();
    did.iter().step_by(2).map(|it| char::from(*it)).collect()
}

impl Traced {
    fn draw(&self) -> f64 {
        lock(&self.draws).unit()
    }

    async fn done(self, mut turn: Turn) -> Result<Judged, StoreError> {
        let is_do = turn.direction() == Direction::Do;
        if self.draw() < self.fails {
            return Ok(turn.fail("busy", ""));
        }
        if is_do && self.draw() < self.refuses {
            return Ok(turn.refuse("declined", ""));
        }
        if let Some(contention) = self.contention
            && is_do
            && &*turn.command.step == "reserve"
            && let Some(holder) = turn.lock("stock", contention).await?
        {
            return Ok(turn.locked(holder, contention));
        }
        if !is_do && self.flaw == Flaw::BrokenUndo {
            return Ok(turn.done(""));
        }
        let key = row(turn.command.saga.as_str(), &turn.command.step);
        let mut did = turn.transaction.get(key.clone()).await?.unwrap_or_default();
        did.extend([if is_do { b'd' } else { b'u' }, turn.command.epoch.0 as u8]);
        match self.flaw {
            Flaw::NotAtomic => {
                // What was read of it is not so any more, so the note is made by whoever is asked next.
                self.store.commit(Commit::new().put(key, did)).await?;
            }
            _ => turn.transaction.put(key, did),
        }
        Ok(turn.done("ok"))
    }
}
