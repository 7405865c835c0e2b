//! Fifty requests of each order at the same time, in a process that is killed, or whose power goes at each write: one effect, and the same
//! answer to all.

use std::sync::{Arc, Mutex};

use cascadia_files::Files;
use cascadia_killing::duplicates;
use cascadia_patterns::idempotency::suite::{Orders, order};
use cascadia_runtime::{Loss, MemoryDisk, Stream, TokioWorld};

use crate::killed::{FOLDER, Scratch, in_folder, runtime};
use crate::support::{disk, open, simulate, told};

/// A life in which two orders are made, whether or not they were made before; what is wrong with what was answered.
fn live(disk: MemoryDisk, seed: u64, told: &Arc<Mutex<Orders>>) -> Option<String> {
    let told = Arc::clone(told);
    simulate(seed, move |sim| {
        Box::pin(async move {
            let Ok(store) = open(&sim, disk).await else { return None };
            let own = Arc::clone(&told);
            let tell = move |number, answer: &str| own.lock().unwrap().told(number, answer);
            order(sim, Arc::clone(&store), Stream::from_seed(seed), 0..2, tell).await;
            let told = told.lock().unwrap().clone();
            told.broken(&store).await.ok().flatten()
        })
    })
}

#[test]
fn however_often_an_order_comes_it_is_made_once_whenever_the_power_goes() {
    let (whole, told) = (disk(), Arc::default());
    assert_eq!(live(whole.clone(), 1, &told), None);
    let changes = whole.changes();
    assert!(changes > 20, "{changes}");
    for at in 0..changes {
        let (disk, told) = (disk(), Arc::default());
        disk.stop_after(at);
        live(disk.clone(), 1, &told);
        let loss = [Loss::All, Loss::Tail, Loss::Sectors, Loss::None][at as usize % 4];
        disk.crash(loss, &mut Stream::from_seed(at));
        assert_eq!(live(disk, 2, &told), None, "cut at {at}");
        assert_eq!(told.lock().unwrap().count(), 2, "cut at {at}");
    }
}

/// Is started by the test below, and dies by it.
#[test]
#[ignore = "it is a part of another test"]
fn child() {
    in_folder(duplicates::child);
}

/// Five hundred kills with `CASCADIA_KILLS=500`.
#[test]
fn however_often_an_order_comes_it_is_made_once_whenever_the_process_is_killed() {
    let scratch = Scratch::new("duplicates");
    let folder = scratch.0.display().to_string();
    let mut all = duplicates::Killed::default();
    all.lives(told("CASCADIA_KILLS", 20), "duplicates::child", &[(FOLDER, &folder)]);
    runtime().block_on(async {
        let files = Files::open(&scratch.0).unwrap();
        all.check(open(&TokioWorld::new(), files).await.unwrap()).await;
    });
}
