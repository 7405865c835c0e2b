use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream};

use super::trial::{Ended, SWEEP, cast, config, did};
use crate::saga::definition::{Definition, Step, Steps};
use crate::saga::orchestrator::{Orchestrator, SagaError};
use crate::saga::state::{Leg, Phase};
use crate::saga::{SagaId, SagaLog};
use crate::store::Store;

const STEPS: [&str; 2] = ["reserve", "charge"];

/// A saga that waits for a payment which does not come, and goes back when its time is over.
#[derive(Clone, Copy, Debug)]
pub struct Unpaid {
    /// How long it waits.
    pub timeout: Duration,
}

impl Unpaid {
    /// How it ends.
    pub fn end() -> Ended {
        Ended { phase: Phase::Compensated, did: ["du", ""].map(String::from).to_vec() }
    }

    /// Drives it until it has ended, from wherever it is, and says when it has reserved what it does not pay for. How it has
    /// ended, with its log.
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
        reserved: impl Fn(),
    ) -> Result<(Ended, SagaLog), SagaError> {
        let (id, cast) = (id.into(), cast(&store).definition(self.definition()));
        let kept = Arc::clone(&store);
        let own = Orchestrator::start(config(), world.clone(), &mut stream, kept, cast);
        own.begin(id.clone(), "unpaid", "a book").await?;
        let mut is_reserved = false;
        loop {
            let log = own.log(&id).await?;
            let state = log.state();
            if !is_reserved && state.steps()[0].act == Leg::Done {
                is_reserved = true;
                reserved();
            }
            if state.phase().is_end() {
                let did = did(&store, &id, STEPS).await?;
                return Ok((Ended { phase: state.phase(), did }, log));
            }
            world.sleep_until(world.now() + SWEEP).await;
        }
    }

    fn definition(self) -> Arc<Definition> {
        let paid = Some("paid".into());
        let steps = Steps::new("unpaid", 1)
            .then(Step::compensatable("reserve", "all"))
            .then(Step { signal: paid, ..Step::pivot("charge", "all") })
            .timeout(self.timeout);
        steps.build().expect("it is one")
    }
}
