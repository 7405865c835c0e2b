//! The wall clock, and work that blocks.

use std::time::{Duration, SystemTime};

use cascadia_runtime::{Disk, MemoryDisk, Runtime, Wall};

use super::bench::{Bench, Log, ms};

/// The beginning of 2000.
const BEGIN: Wall = Wall::from_nanos(946_684_800_000_000_000);

pub(crate) async fn the_wall_clock_shows_a_date_and_goes_on<R: Runtime>(bench: Bench<R>) {
    let (wall, now) = (bench.world.wall(), bench.world.now());
    assert!(wall >= BEGIN && SystemTime::from(wall) > SystemTime::UNIX_EPOCH);
    bench.world.sleep(ms(20)).await;
    let (by_wall, passed) = (bench.world.wall().since(wall), bench.world.now().since(now));
    let apart = by_wall.abs_diff(passed);
    assert!(apart <= if bench.exact { Duration::ZERO } else { ms(100) }, "{by_wall:?} {passed:?}");
}

pub(crate) async fn blocking_work_answers_and_holds_up_no_task<R: Runtime>(bench: Bench<R>) {
    let (log, disk) = (Log::default(), MemoryDisk::new(1 << 10));
    let other = log.clone();
    let task = bench.world.spawn(async move { other.note(1) });
    let done = bench.world.blocking(move || disk.open("file")?.append(b"some")).await;
    assert!(matches!(done, Ok(Ok(()))), "{done:?}");
    assert_eq!(task.await, Ok(()));
    assert_eq!(log.notes(), [1]);
}

pub(crate) async fn blocking_work_begins_when_it_is_polled<R: Runtime>(bench: Bench<R>) {
    let log = Log::default();
    let noted = log.clone();
    drop(bench.world.blocking(move || noted.note(1)));
    bench.settle().await;
    assert!(log.notes().is_empty());
}
