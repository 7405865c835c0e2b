use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream};

use crate::saga::definition::{Definition, Step, Steps};
use crate::saga::orchestrator::{Cast, Orchestrator, OrchestratorConfig, SagaError};
use crate::saga::participant::{Ledger, Local, Turn};
use crate::saga::state::Phase;
use crate::saga::{Direction, SagaId};
use crate::store::{Store, StoreError};

const STEPS: [&str; 4] = ["reserve", "book", "charge", "confirm"];
/// What nobody charges for.
const REFUSED: &str = "a castle";
/// Who has died is taken over so soon.
const LEASE: Duration = Duration::from_millis(200);
pub(super) const SWEEP: Duration = Duration::from_millis(20);

/// How an order goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// It is done.
    Accepted,
    /// Nobody charges for it.
    Refused,
}

/// What has come of a saga.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How it has ended.
    pub phase: Phase,
    /// What was done of each step: `d` for each time that it was, and `u` that it was undone.
    pub did: Vec<String>,
}

impl Trial {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Accepted, Self::Refused];

    /// How it ends.
    pub fn end(self) -> Ended {
        let (phase, did) = match self {
            Self::Accepted => (Phase::Completed, ["d", "d", "d", "d"]),
            Self::Refused => (Phase::Compensated, ["du", "du", "", ""]),
        };
        Ended { phase, did: did.map(String::from).to_vec() }
    }

    /// Drives a saga until it has ended, from wherever it is.
    ///
    /// # Errors
    ///
    /// As for the store. Whoever drives it next goes on with it.
    pub async fn drive<R: Runtime>(
        self,
        world: R,
        store: Arc<dyn Store>,
        mut stream: Stream,
        id: impl Into<SagaId>,
    ) -> Result<Ended, SagaError> {
        let (id, cast) = (id.into(), cast(&store));
        let kept = Arc::clone(&store);
        let own = Orchestrator::start(config(), world.clone(), &mut stream, kept, cast);
        own.begin(id.clone(), "order", self.input()).await?;
        // A store that has died says so when it is read.
        let mut phase = Phase::Forward;
        while !phase.is_end() {
            world.sleep_until(world.now() + SWEEP).await;
            phase = own.log(&id).await?.state().phase();
        }
        Ok(Ended { phase, did: did(&store, &id, STEPS).await? })
    }

    const fn input(self) -> &'static str {
        match self {
            Self::Accepted => "a book",
            Self::Refused => REFUSED,
        }
    }
}

pub(super) fn config() -> OrchestratorConfig {
    OrchestratorConfig {
        lease: LEASE,
        skew: Duration::from_millis(1),
        sweep: SWEEP,
        ..OrchestratorConfig::new("saga/")
    }
}

/// A participant that does what the input of a saga says, so that whoever drives it does the same, with the definition of the
/// sagas, whose name is `order`.
pub fn cast(store: &Arc<dyn Store>) -> Cast {
    let effects = |mut turn: Turn| async move {
        let is_do = turn.direction() == Direction::Do;
        let is_refused = &*turn.command.input == REFUSED.as_bytes();
        if is_refused && is_do && &*turn.command.step == "charge" {
            return Ok(turn.refuse("declined", ""));
        }
        let row = row(&turn.command.saga, &turn.command.step);
        let mut did = turn.transaction.get(row.as_str()).await?.unwrap_or_default();
        did.push(if is_do { b'd' } else { b'u' });
        turn.transaction.put(row, did);
        Ok(turn.done("ok"))
    };
    let local = Local::new(Ledger::new("ledger/"), Arc::clone(store), effects);
    Cast::new().definition(definition()).participant("all", local)
}

fn definition() -> Arc<Definition> {
    let steps = Steps::new("order", 1)
        .then(Step::compensatable("reserve", "all"))
        .then(Step::compensatable("book", "all"))
        .then(Step::pivot("charge", "all"))
        .then(Step::retriable("confirm", "all"));
    steps.build().expect("it is one")
}

fn row(saga: &SagaId, step: &str) -> String {
    format!("did/{saga}/{step}")
}

pub(super) async fn did(
    store: &Arc<dyn Store>,
    id: &SagaId,
    steps: impl IntoIterator<Item = &'static str>,
) -> Result<Vec<String>, StoreError> {
    let mut all = Vec::new();
    for step in steps {
        let row = store.get(row(id, step).into_bytes()).await?;
        let did = row.map(|row| String::from_utf8_lossy(&row.value).into_owned());
        all.push(did.unwrap_or_default());
    }
    Ok(all)
}
