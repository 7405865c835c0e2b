//! Tasks: their life, their end and who learns of it.

use std::future::pending;

use cascadia_runtime::{Ended, Runtime, Task};

use super::bench::{Bench, Log, OnDrop, ms};

pub(crate) async fn a_task_that_is_awaited_has_ended<R: Runtime>(bench: Bench<R>) {
    let (log, world) = (Log::default(), bench.world.clone());
    let (began, noted) = (world.now(), log.clone());
    let task = bench.world.spawn(async move {
        world.sleep(ms(2)).await;
        noted.note(1);
    });
    assert_eq!(task.await, Ok(()));
    bench.took(began, ms(2));
    assert_eq!(log.notes(), [1]);
}

pub(crate) async fn a_task_runs_beside_its_spawner<R: Runtime>(bench: Bench<R>) {
    let (log, world) = (Log::default(), bench.world.clone());
    let noted = log.clone();
    let task = bench.world.spawn(async move {
        noted.note(2);
        world.sleep(ms(4)).await;
        noted.note(4);
    });
    log.note(1);
    bench.settle().await;
    log.note(3);
    assert_eq!(task.await, Ok(()));
    assert_eq!(log.notes(), [1, 2, 3, 4]);
}

pub(crate) async fn an_aborted_task_is_dropped_where_it_stands<R: Runtime>(bench: Bench<R>) {
    let log = Log::default();
    let (begun, guard) = (log.clone(), OnDrop(log.clone(), 2));
    let task = bench.world.spawn(async move {
        let _guard = guard;
        begun.note(1);
        pending::<()>().await;
    });
    bench.settle().await;
    assert_eq!(log.notes(), [1]);
    task.abort();
    assert_eq!(task.await, Err(Ended::Aborted));
    assert_eq!(log.notes(), [1, 2]);
}

pub(crate) async fn an_aborted_task_that_never_ran_is_dropped_too<R: Runtime>(bench: Bench<R>) {
    let log = Log::default();
    let guard = OnDrop(log.clone(), 1);
    let task = bench.world.spawn(async move {
        let _guard = guard;
        unreachable!("it is aborted before it runs");
    });
    task.abort();
    assert_eq!(task.await, Err(Ended::Aborted));
    assert_eq!(log.notes(), [1]);
}

pub(crate) async fn what_has_ended_cannot_be_aborted<R: Runtime>(bench: Bench<R>) {
    let task = bench.world.spawn(async {});
    bench.settle().await;
    task.abort();
    assert_eq!(task.await, Ok(()));
}

pub(crate) async fn a_task_without_a_handle_goes_on<R: Runtime>(bench: Bench<R>) {
    let (log, world) = (Log::default(), bench.world.clone());
    let noted = log.clone();
    drop(bench.world.spawn(async move {
        world.sleep(ms(1)).await;
        noted.note(1);
    }));
    while log.notes().is_empty() {
        bench.settle().await;
    }
    assert_eq!(log.notes(), [1]);
}

pub(crate) async fn tasks_spawn_tasks<R: Runtime>(bench: Bench<R>) {
    let (log, world) = (Log::default(), bench.world.clone());
    let noted = log.clone();
    let task = bench.world.spawn(async move {
        let (inner, first) = (world.clone(), noted.clone());
        let child = world.spawn(async move {
            inner.sleep(ms(1)).await;
            first.note(1);
        });
        assert_eq!(child.await, Ok(()));
        noted.note(2);
    });
    assert_eq!(task.await, Ok(()));
    assert_eq!(log.notes(), [1, 2]);
}

pub(crate) async fn many_tasks_all_end<R: Runtime>(bench: Bench<R>) {
    let (log, began) = (Log::default(), bench.world.now());
    let task = |number: u32| {
        let (world, log) = (bench.world.clone(), log.clone());
        bench.world.spawn(async move {
            world.sleep(ms(u64::from(number % 5))).await;
            log.note(number);
        })
    };
    let tasks: Vec<_> = (0..1_000).map(task).collect();
    for task in tasks {
        assert_eq!(task.await, Ok(()));
    }
    bench.took(began, ms(4));
    let mut notes = log.notes();
    notes.sort_unstable();
    assert!(notes.into_iter().eq(0..1_000));
}
