//! The power goes, or the process is killed, at each commit of an orchestrator and its participants: whoever goes on comes to the same
//! end.

use cascadia_killing::{saga, unpaid};
use cascadia_patterns::saga::orchestrator::SagaError;
use cascadia_patterns::saga::suite::{Ended, Trial};
use cascadia_runtime::{Loss, MemoryDisk, Stream};

use crate::killed::{FOLDER, Scratch, in_folder};
use crate::support::{disk, open, simulate, told};

/// Begins the saga, unless it was begun, and waits for its end.
fn live(disk: MemoryDisk, seed: u64, trial: Trial) -> Result<Ended, SagaError> {
    simulate(seed, move |sim| {
        Box::pin(async move {
            let store = open(&sim, disk).await?;
            trial.drive(sim, store, Stream::from_seed(seed), "7").await
        })
    })
}

#[test]
fn a_saga_comes_to_the_same_end_after_a_crash_at_every_write_and_every_sync() {
    for trial in Trial::ALL {
        let whole = disk();
        assert_eq!(live(whole.clone(), 1, trial), Ok(trial.end()));
        let changes = whole.changes();
        assert!(changes > 50, "{changes}");
        for at in 0..changes {
            let disk = disk();
            disk.stop_after(at);
            let first = live(disk.clone(), 1, trial);
            assert!(first.is_err(), "the power went at {at}");
            let loss = [Loss::All, Loss::Tail, Loss::Sectors, Loss::None][at as usize % 4];
            disk.crash(loss, &mut Stream::from_seed(at));
            assert_eq!(live(disk, 2, trial), Ok(trial.end()), "cut at {at}");
        }
    }
}

/// Is started by the test below, and dies by it.
#[test]
#[ignore = "it is a part of another test"]
fn child() {
    in_folder(saga::child);
}

/// Twenty times at each commit with `CASCADIA_KILLS=500`.
#[test]
fn a_saga_comes_to_the_same_end_when_its_process_is_killed_at_every_commit() {
    let scratch = Scratch::new("sagas");
    let place = |name: &str| vec![(FOLDER, scratch.0.join(name).display().to_string())];
    saga::at_every_commit("sagas::child", place, told("CASCADIA_KILLS", 20).div_ceil(25));
}

/// Is started by the test below, and dies by it.
#[test]
#[ignore = "it is a part of another test"]
fn unpaid_child() {
    in_folder(unpaid::child);
}

#[test]
fn a_saga_that_another_process_goes_on_with_meets_its_timeout_by_the_wall_clock() {
    let scratch = Scratch::new("unpaid");
    let place = |name: &str| vec![(FOLDER, scratch.0.join(name).display().to_string())];
    unpaid::by_every_clock("sagas::unpaid_child", place);
}
