use std::fmt;
use std::sync::Arc;

use super::contract::Participant;
use super::ledger::{Begun, Ledger};
use super::turn::{Judged, Turn};
use crate::call::BoxFuture;
use crate::saga::command::Command;
use crate::saga::fault::Fault;
use crate::saga::outcome::Outcome;
use crate::store::{Store, StoreError};

/// How often a command is begun anew that has come second.
const CONFLICTS: u32 = 16;

/// What the steps of a participant do. A function of a turn is one.
pub trait Effects: Send + Sync + 'static {
    /// Does or undoes what a turn says, through its transaction.
    fn play(&self, turn: Turn) -> BoxFuture<Result<Judged, StoreError>>;
}

impl<F, W> Effects for F
where
    F: Fn(Turn) -> W + Send + Sync + 'static,
    W: Future<Output = Result<Judged, StoreError>> + Send + 'static,
{
    fn play(&self, turn: Turn) -> BoxFuture<Result<Judged, StoreError>> {
        Box::pin(self(turn))
    }
}

/// A participant whose effects are in a store.
pub struct Local {
    ledger: Arc<Ledger>,
    store: Arc<dyn Store>,
    effects: Arc<dyn Effects>,
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").field("ledger", &self.ledger).finish_non_exhaustive()
    }
}

impl Local {
    /// One that does this in that store, and keeps its ledger there.
    pub fn new(ledger: Ledger, store: Arc<dyn Store>, effects: impl Effects) -> Self {
        Self { ledger: Arc::new(ledger), store, effects: Arc::new(effects) }
    }
}

impl Participant for Local {
    fn call(&self, command: Command) -> BoxFuture<Outcome> {
        let (ledger, store) = (Arc::clone(&self.ledger), Arc::clone(&self.store));
        let effects = Arc::clone(&self.effects);
        Box::pin(async move {
            for _ in 0..CONFLICTS {
                match once(&ledger, &store, &effects, command.clone()).await {
                    Err(StoreError::Conflict) => {}
                    Err(StoreError::Unknown(_)) => return Outcome::Unknown,
                    Err(error) => return failed(&error),
                    Ok(outcome) => return outcome,
                }
            }
            failed(&StoreError::Conflict)
        })
    }
}

async fn once(
    ledger: &Ledger,
    store: &Arc<dyn Store>,
    effects: &Arc<dyn Effects>,
    command: Command,
) -> Result<Outcome, StoreError> {
    match ledger.begin(store, command).await? {
        Begun::Known(outcome) => Ok(outcome),
        Begun::Turn(turn) => ledger.end(effects.play(turn).await?).await,
    }
}

fn failed(error: &StoreError) -> Outcome {
    Outcome::Failed(Fault::new("store", error.to_string()))
}
