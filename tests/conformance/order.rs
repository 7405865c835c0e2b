//! The order of what happens in one instant, where the world promises one.

use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Runtime;
use tokio::sync::Notify;

use super::bench::{Bench, Log, ms};

pub(crate) async fn of_one_instant_the_deadlines_come_last<R: Runtime>(bench: Bench<R>) {
    if !bench.exact {
        return;
    }
    let (log, at) = (Log::default(), bench.world.now() + ms(1));
    for number in 0..4 {
        let (world, log) = (bench.world.clone(), log.clone());
        bench.detach(async move {
            if number % 2 == 0 { world.deadline(at).await } else { world.sleep_until(at).await }
            log.note(number % 2);
        });
    }
    bench.world.sleep(ms(2)).await;
    assert_eq!(log.notes(), [1, 1, 0, 0]);
}

pub(crate) async fn of_one_instant_what_was_armed_first_comes_first<R: Runtime>(bench: Bench<R>) {
    if !bench.ordered {
        return;
    }
    let (log, at) = (Log::default(), bench.world.now() + ms(1));
    for number in 0..4 {
        let (world, log) = (bench.world.clone(), log.clone());
        bench.detach(async move {
            world.sleep(Duration::from_nanos(u64::from(number))).await;
            world.sleep_until(at).await;
            log.note(number);
        });
    }
    bench.world.sleep(ms(2)).await;
    assert_eq!(log.notes(), [0, 1, 2, 3]);
}

pub(crate) async fn what_was_woken_first_runs_first<R: Runtime>(bench: Bench<R>) {
    if !bench.ordered {
        return;
    }
    let log = Log::default();
    let bells: Vec<Arc<Notify>> = (0..4).map(|_| Arc::default()).collect();
    for (number, bell) in (0..).zip(&bells) {
        let (bell, log) = (Arc::clone(bell), log.clone());
        bench.detach(async move {
            bell.notified().await;
            log.note(number);
        });
    }
    bench.settle().await;
    for number in [2, 0, 3, 1] {
        bells[number].notify_one();
    }
    bench.settle().await;
    assert_eq!(log.notes(), [2, 0, 3, 1]);
}
