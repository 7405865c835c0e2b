//! Disks that are full, or not as they were left.

use std::sync::{Arc, Mutex};

use cascadia_patterns::store::suite::{Journal, Workload};
use cascadia_patterns::store::{Commit, Range, Revision, StoreError};
use cascadia_redb::RedbStore;
use cascadia_runtime::{Disk, MemoryDisk, Runtime, Stream};

use crate::support::{NAME, config, disk, open, simulate, teller, told};

fn put(key: &str, bytes: usize) -> Commit {
    Commit::new().put(key, vec![7; bytes])
}

#[test]
fn a_full_disk_is_an_error_and_goes_on_when_there_is_room() {
    for size in (0..40).map(|step| (1 << 20) + step * 50_000) {
        simulate(1, |sim| {
            Box::pin(async move {
                let disk = MemoryDisk::new(size);
                let store = match open(&sim, disk.clone()).await {
                    Ok(store) => store,
                    Err(error) => return assert_eq!(error, StoreError::Full),
                };
                let mut written = Revision::ZERO;
                let error = loop {
                    match store.commit(put(&written.to_string(), 20_000)).await {
                        Ok(revision) => written = revision,
                        Err(error) => break error,
                    }
                };
                assert_eq!(error, StoreError::Full);
                disk.hold(64 << 20);
                assert_eq!(store.revision().await, Ok(written));
                assert_eq!(store.commit(put("more", 20_000)).await, Ok(written.next()));
                let rows = store.range(Range::all(), 1_000).await.unwrap().rows;
                assert_eq!(rows.len() as u64, written.get() + 1);
            })
        });
    }
}

/// A store with something in it, closed or not.
async fn written<R: Runtime>(world: &R, disk: &MemoryDisk, seed: u64, is_closed: bool) -> Journal {
    let store = RedbStore::open(world.clone(), Arc::new(disk.clone()), NAME, config()).await;
    let (store, journal) = (store.unwrap(), Arc::new(Mutex::new(Journal::new(seed))));
    Workload::new(seed, 0..20, teller(&journal)).client(Arc::new(store.clone())).await;
    if is_closed {
        store.close().await.unwrap();
    }
    Arc::into_inner(journal).unwrap().into_inner().unwrap()
}

/// What is spoilt is told, or was of no use; it is never read as something else.
#[test]
fn a_spoilt_byte_is_an_error_and_never_another_value() {
    let (mut corrupt, mut harmless) = (0, 0);
    for seed in 0..told("CASCADIA_SEEDS", 150).min(1_000) {
        let result = simulate(seed, |sim| {
            Box::pin(async move {
                let (mut draws, disk) = (Stream::from_seed(seed), disk());
                let mut journal = written(&sim, &disk, seed, seed.is_multiple_of(2)).await;
                spoil(&disk, seed, &mut draws);
                let store = open(&sim, disk).await?;
                journal.check(&*store).await
            })
        });
        match result {
            Ok(()) => harmless += 1,
            Err(StoreError::Corrupt(_)) => corrupt += 1,
            Err(other) => panic!("seed {seed}: {other}"),
        }
    }
    assert!(corrupt > 20 && harmless > 0, "{corrupt} corrupt, {harmless} harmless");
}

/// The last block, or one anywhere.
fn spoil(disk: &MemoryDisk, seed: u64, draws: &mut Stream) {
    if seed.is_multiple_of(5) {
        return disk.corrupt(NAME, draws);
    }
    let file = disk.open(NAME).unwrap();
    let (at, mut byte) = (draws.below(file.size().unwrap()), [0]);
    // Most of the file is empty; what is not is more telling.
    let used = (at..file.size().unwrap()).find(|at| {
        file.read_at(*at, &mut byte).unwrap();
        byte != [0]
    });
    let at = used.unwrap_or(at);
    file.read_at(at, &mut byte).unwrap();
    file.write_at(at, &[byte[0] ^ (1 << draws.below(8))]).unwrap();
    file.sync().unwrap();
}

#[test]
fn what_is_no_store_is_refused() {
    simulate(1, |sim| {
        Box::pin(async move {
            let disk = disk();
            disk.open(NAME).unwrap().append(&[0x5a; 100_000]).unwrap();
            let opened = open(&sim, disk).await;
            assert!(matches!(opened, Err(StoreError::Corrupt(_))), "{opened:?}");
        })
    });
}

#[test]
fn what_was_closed_is_there_when_it_is_opened() {
    simulate(1, |sim| {
        Box::pin(async move {
            let disk = disk();
            let mut journal = written(&sim, &disk, 3, true).await;
            journal.check(&*open(&sim, disk).await.unwrap()).await.unwrap();
        })
    });
}
