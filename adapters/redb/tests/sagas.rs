//! The power goes at each write, cut or sync of a disk on which an orchestrator and its participants keep everything: whoever goes on comes
//! to the same end.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::saga::definition::{Definition, Step, Steps};
use cascadia_patterns::saga::orchestrator::{Cast, Orchestrator, OrchestratorConfig, SagaError};
use cascadia_patterns::saga::participant::{Ledger, Local, Turn};
use cascadia_patterns::saga::state::Phase;
use cascadia_patterns::saga::{Direction, SagaId};
use cascadia_patterns::store::Store;
use cascadia_runtime::{Loss, MemoryDisk, Runtime, Stream};

use crate::support::{disk, open, simulate};

fn definition() -> Arc<Definition> {
    let steps = Steps::new("order", 1)
        .then(Step::compensatable("reserve", "all"))
        .then(Step::compensatable("book", "all"))
        .then(Step::pivot("charge", "all"))
        .then(Step::retriable("confirm", "all"));
    steps.build().unwrap()
}

/// Writes down what was done, and refuses to charge if it is to.
fn cast(store: &Arc<dyn Store>, is_refused: bool) -> Cast {
    let effects = move |mut turn: Turn| async move {
        let is_do = turn.direction() == Direction::Do;
        if is_refused && is_do && &*turn.command.step == "charge" {
            return Ok(turn.refuse("declined", ""));
        }
        let row = format!("did/{}", turn.command.step);
        let mut did = turn.transaction.get(row.as_str()).await?.unwrap_or_default();
        did.push(if is_do { b'd' } else { b'u' });
        turn.transaction.put(row, did);
        Ok(turn.done("ok"))
    };
    let local = Local::new(Ledger::new("ledger/"), Arc::clone(store), effects);
    Cast::new().definition(definition()).participant("all", local)
}

/// A life: begins the saga, unless it was begun, and waits for its end. Where that is, and what was done.
fn live(disk: MemoryDisk, seed: u64, is_refused: bool) -> Result<(Phase, Vec<String>), SagaError> {
    simulate(seed, |sim| {
        Box::pin(async move {
            let store = open(&sim, disk).await?;
            let (lease, skew) = (Duration::from_secs(1), Duration::from_millis(1));
            let config = OrchestratorConfig { lease, skew, ..OrchestratorConfig::new("saga/") };
            let cast = cast(&store, is_refused);
            let mut stream = Stream::from_seed(seed);
            let own = Orchestrator::start(config, sim, &mut stream, Arc::clone(&store), cast);
            let id = SagaId::from("7");
            own.begin(id.clone(), "order", "a book").await?;
            // A store that has died says so when it is read.
            let mut phase = Phase::Forward;
            while !phase.is_end() {
                sim.sleep(Duration::from_millis(20)).await;
                phase = own.log(&id).await?.state().phase();
            }
            let mut done = Vec::new();
            for step in ["reserve", "book", "charge", "confirm"] {
                let row = store.get(format!("did/{step}").into_bytes()).await?;
                done.push(row.map_or_else(String::new, |row| {
                    String::from_utf8_lossy(&row.value).into_owned()
                }));
            }
            Ok((phase, done))
        })
    })
}

#[test]
fn a_saga_comes_to_the_same_end_after_a_crash_at_every_write_and_every_sync() {
    for (is_refused, end, did) in [
        (false, Phase::Completed, ["d", "d", "d", "d"]),
        (true, Phase::Compensated, ["du", "du", "", ""]),
    ] {
        let expected = (end, did.map(String::from).to_vec());
        let whole = disk();
        assert_eq!(live(whole.clone(), 1, is_refused), Ok(expected.clone()));
        let changes = whole.changes();
        assert!(changes > 50, "{changes}");
        for at in 0..changes {
            let disk = disk();
            disk.stop_after(at);
            let first = live(disk.clone(), 1, is_refused);
            assert!(first.is_err(), "the power went at {at}");
            let loss = [Loss::All, Loss::Tail, Loss::Sectors, Loss::None][at as usize % 4];
            disk.crash(loss, &mut Stream::from_seed(at));
            assert_eq!(live(disk, 2, is_refused), Ok(expected.clone()), "cut at {at}");
        }
    }
}
