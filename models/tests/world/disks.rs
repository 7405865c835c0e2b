//! Disks of places: how long they take, what they keep and what goes wrong with them.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};

use cascadia_models::component::Life;
use cascadia_models::laws::Law;
use cascadia_models::plan::*;
use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::{Disk, File, Runtime};

use crate::world::code::{Code, Keeper};
use crate::world::plans::{constant, ms, plan, run, service};

const NAME: &str = "file";

fn disk() -> DiskPlan {
    let (read, write) = (constant(3), constant(1));
    DiskPlan { size: 10_000, read, write, sync: constant(10), bandwidth: None }
}

fn fault(start: u64, end: u64, verb: impl Fn(&dyn Hit) + Send + Sync + 'static) -> FaultPlan {
    let candidates = vec![Instance { service: ServiceId(1), replica: 0 }];
    let effect = Effect::on(Target { candidates, pick: Pick::All }, verb);
    FaultPlan { name: format!("from {start} to {end}"), start: ms(start), end: ms(end), effect }
}

fn trouble(start: u64, end: u64, trouble: Trouble) -> FaultPlan {
    fault(start, end, move |hit| hit.trouble(trouble))
}

/// What code noted, and when in milliseconds.
type Log<T> = Arc<Mutex<Vec<(u64, T)>>>;

fn note<T>(log: &Log<T>, life: &Life, what: T) {
    log.lock().unwrap().push((life.now().as_nanos() / 1_000_000, what));
}

/// What code at one place notes in a second, with such a disk.
fn noted<T: Clone + std::fmt::Debug + Send + 'static>(
    code: fn(Life, Log<T>) -> BoxFuture<()>,
    disk: DiskPlan,
    faults: Vec<FaultPlan>,
    seed: u64,
) -> Vec<(u64, T)> {
    let log = Log::default();
    let idle = service("idle", 1, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![idle], Arrivals::Constant(1.0), ms(1_000));
    let build = Arc::new(Keeper(Code(code, Arc::clone(&log))));
    let group = ComponentPlan::new("keeper".into(), 1, build);
    plan.components = vec![ComponentPlan { disk, ..group }];
    (plan.faults, plan.seed) = (faults, seed);
    run(plan);
    log.lock().unwrap().clone()
}

/// Does something with the file of a disk.
async fn with<T: Send + 'static>(
    life: &Life,
    does: impl FnOnce(&dyn File) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let disk = life.disk();
    let done = life.host().blocking(move || does(&*disk.open(NAME)?)).await;
    done.map_err(io::Error::other)?
}

/// Appends, syncs and reads at different times, each by another task.
fn uses(life: Life, log: Log<&'static str>) -> BoxFuture<()> {
    Box::pin(async move {
        for (at, what) in [(1, "append"), (1, "sync"), (5, "read"), (100, "read"), (101, "all")] {
            let (own, log) = (life.clone(), Arc::clone(&log));
            life.spawn(async move {
                own.host().sleep_until(ms(at)).await;
                let done = with(&own, move |file| match what {
                    "append" => file.append(b"some"),
                    "sync" => file.sync(),
                    "read" => file.read_at(0, &mut [0; 4]),
                    _ => {
                        file.append(b"more")?;
                        file.sync()?;
                        file.read_at(4, &mut [0; 4])
                    }
                });
                done.await.unwrap();
                note(&log, &own, what);
            });
        }
    })
}

#[test]
fn a_disk_does_one_thing_at_a_time_and_each_takes_its_time() {
    let expected = [(2, "append"), (12, "sync"), (15, "read"), (103, "read"), (117, "all")];
    assert_eq!(noted(uses, disk(), vec![], 1), expected);
    let slow = trouble(0, 50, Trouble::Slow(3.0));
    let late = [(4, "append"), (34, "sync"), (43, "read"), (103, "read"), (117, "all")];
    assert_eq!(noted(uses, disk(), vec![slow], 1), late);
    // Four bytes take 2 ms more.
    let narrow = DiskPlan { bandwidth: Some(2_000), ..disk() };
    let expected = [(4, "append"), (14, "sync"), (19, "read"), (105, "read"), (123, "all")];
    assert_eq!(noted(uses, narrow, vec![], 1), expected);
}

/// Syncs without end.
fn syncs(life: Life, log: Log<()>) -> BoxFuture<()> {
    Box::pin(async move {
        loop {
            with(&life, |file| file.sync()).await.unwrap();
            note(&log, &life, ());
        }
    })
}

#[test]
fn how_long_a_sync_takes_is_drawn_from_its_law() {
    let mean = |mean: f64| {
        let sync = Law::Exponential { mean };
        let syncs = noted(syncs, DiskPlan { sync, ..disk() }, vec![], 7).len() as f64;
        1e9 / syncs
    };
    assert!((mean(100_000.0) / 100_000.0 - 1.0).abs() < 0.03);
    let usual = noted(syncs, DiskPlan::default(), vec![], 7).len();
    assert!((300..500).contains(&usual), "{usual} syncs in a second");
}

/// Three changes in its first life, of which one was synced; then what it finds.
fn keeps(life: Life, log: Log<String>) -> BoxFuture<()> {
    Box::pin(async move {
        let found = with(&life, |file| {
            let mut bytes = vec![0; file.size()? as usize];
            file.read_at(0, &mut bytes)?;
            Ok(String::from_utf8(bytes).unwrap())
        });
        let found = found.await.unwrap();
        note(&log, &life, found);
        if life.incarnation() == 0 {
            let changes = with(&life, |file| {
                file.append(b"synced ")?;
                file.sync()?;
                file.append(b"written ")?;
                file.append(b"late ")
            });
            changes.await.unwrap();
        }
    })
}

/// What is found after a fault that begins at a time.
fn found(after: u64, verb: fn(&dyn Hit), seed: u64) -> String {
    let found = noted(keeps, disk(), vec![fault(after, 500, verb)], seed);
    assert_eq!((found.len(), found[0].0, found[1].0), (2, 3, 503));
    found[1].1.clone()
}

#[test]
fn a_process_that_dies_leaves_what_it_had_written_and_begun() {
    let written =
        [(4, "synced "), (13, "synced "), (14, "synced written "), (15, "synced written late ")];
    for (after, left) in written {
        let found = found(after, |hit| hit.die(), 1);
        assert!(found.starts_with(left), "after {after} ms: {found:?}");
        assert!(after == 15 || !found.contains("late"), "after {after} ms: {found:?}");
    }
}

#[test]
fn a_machine_that_dies_loses_what_was_not_synced_in_whole_or_in_part() {
    let after =
        |after| (0..60).map(|seed| found(after, |hit| hit.stop(), seed)).collect::<Vec<_>>();
    let kept = |left: &String| left.starts_with("synced ");
    assert!(after(14).iter().all(kept), "the sync was done");
    let early = after(13);
    assert!(early.iter().any(kept) && early.iter().any(String::is_empty), "it was not");
    let late = after(100);
    assert!(late.iter().any(|left| left == "synced "), "all of it");
    assert!(late.iter().any(|left| left == "synced written "), "a tail");
    assert!(late.iter().any(|left| left == "synced written late "), "nothing");
    assert!(late.iter().any(|left| left.contains('\0')), "sectors in no order");
    assert!(early.iter().all(|left| !left.contains("late")), "there was no time for it");
}

#[test]
fn where_the_machine_of_a_dead_process_is_lost_what_it_left_may_be_lost() {
    let lost = |seed| {
        let faults = vec![fault(100, 600, |hit| hit.die()), fault(200, 300, |hit| hit.stop())];
        noted(keeps, disk(), faults, seed)[1].1 == "synced "
    };
    assert!((0..20).any(lost));
}

/// A file of its first life, for the second.
type Handed = Arc<Mutex<Option<(Arc<dyn Disk>, Box<dyn File>)>>>;

fn hands(life: Life, (log, handed): (Log<bool>, Handed)) -> BoxFuture<()> {
    Box::pin(async move {
        let disk = life.disk();
        let before = handed.lock().unwrap().take();
        if let Some((disk, file)) = before {
            let uses = move || file.append(b"late").is_err() && disk.names().is_err();
            note(&log, &life, life.host().blocking(uses).await.unwrap());
        }
        let file = disk.open(NAME).unwrap();
        *handed.lock().unwrap() = Some((disk, file));
    })
}

#[test]
fn who_has_died_uses_its_disk_no_more() {
    let (log, handed) = (Log::default(), Handed::default());
    let idle = service("idle", 1, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![idle], Arrivals::Constant(1.0), ms(1_000));
    let build = Keeper(Code(hands, (Arc::clone(&log), handed)));
    plan.components = vec![ComponentPlan::new("keeper".into(), 1, Arc::new(build))];
    plan.faults = vec![fault(100, 200, |hit| hit.die()), fault(300, 400, |hit| hit.stop())];
    run(plan);
    assert_eq!(*log.lock().unwrap(), [(200, true), (400, true)]);
}

/// Writes a kilobyte each tenth of a second.
fn grows(life: Life, log: Log<Option<ErrorKind>>) -> BoxFuture<()> {
    Box::pin(async move {
        for turn in 0.. {
            life.host().sleep_until(ms(100 * turn)).await;
            let written = with(&life, |file| file.append(&[1; 1_000])).await;
            note(&log, &life, written.err().map(|error| error.kind()));
        }
    })
}

#[test]
fn a_full_disk_takes_nothing_more_until_it_has_room_again() {
    let faults = vec![trouble(250, 550, Trouble::Full), trouble(350, 650, Trouble::Full)];
    let noted = noted(grows, DiskPlan { size: 5_500, ..disk() }, faults, 1);
    let full: Vec<bool> = noted.iter().map(|(_, error)| error.is_some()).collect();
    // Three fit before, and two more after it.
    let expected = [false, false, false, true, true, true, true, false, false, true];
    assert_eq!(full, expected);
    assert!(noted.iter().all(|(_, error)| matches!(error, None | Some(ErrorKind::StorageFull))));
}

/// Looks for bytes that are not as it has synced them.
fn looks(life: Life, log: Log<Vec<usize>>) -> BoxFuture<()> {
    Box::pin(async move {
        let writes = with(&life, |file| {
            file.append(&[7; 1_500])?;
            file.sync()
        });
        writes.await.unwrap();
        for at in [200, 400] {
            life.host().sleep_until(ms(at)).await;
            let reads = with(&life, move |file| {
                let mut bytes = vec![0; 1_500];
                file.read_at(0, &mut bytes)?;
                Ok(bytes)
            });
            let bytes = reads.await.unwrap();
            let wrong = (0..bytes.len()).filter(|at| bytes[*at] != 7).collect();
            note(&log, &life, wrong);
        }
    })
}

#[test]
fn a_corrupt_disk_has_a_wrong_byte_in_its_last_sector_for_good() {
    let looked = noted(looks, disk(), vec![trouble(300, 310, Trouble::Corrupt)], 1);
    assert!(looked[0].1.is_empty(), "{looked:?}");
    assert!(matches!(looked[1].1[..], [at] if (1_024..1_500).contains(&at)), "{looked:?}");
}
