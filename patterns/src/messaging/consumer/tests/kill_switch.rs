use cascadia_runtime::Time;

use super::super::{ConsumerConfig, Fault, KillSwitch, KillSwitchConfig};
use super::{Effects, SECOND, config, publish_numbers, start};
use crate::messaging::tests::{desk, run};
use crate::testing::{at, ms};

#[test]
fn it_trips_at_a_tenth_of_a_hundred() {
    let mut switch = KillSwitch::new(KillSwitchConfig::default());
    let trips: Vec<_> = (1..=110_u64).filter(|n| switch.on_end(at(*n), n % 10 == 0)).collect();
    assert_eq!(trips, [100]);
    assert!(switch.is_stopped(at(60_099)) && !switch.is_stopped(at(60_100)));
    let few = (0..99).any(|n| switch.on_end(at(60_100 + n), true));
    assert!(!few, "it judges by no fewer than a hundred");
    assert!(switch.on_end(at(60_300), true));
}

#[test]
fn what_is_older_than_the_window_does_not_count() {
    let mut switch = KillSwitch::new(KillSwitchConfig::default());
    assert!(!(0..99).any(|_| switch.on_end(Time::ZERO, true)));
    assert!(!switch.on_end(at(60_000), true));
}

/// † Everything fails: it stops, and leaves what is there where it is. Afterwards all is done.
#[test]
fn a_consumer_that_fails_at_everything_stops() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 1_000).await;
        let effects = Effects::default();
        let down = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
        let is_down = std::sync::Arc::clone(&down);
        let handler = effects.failing(move |_, _| {
            let is_down = is_down.load(std::sync::atomic::Ordering::Relaxed);
            is_down.then(|| Fault::Later(SECOND, "the database is gone".into()))
        });
        let kill_switch = Some(KillSwitchConfig::default());
        let config = ConsumerConfig { kill_switch, ..config() };
        let consumer = start(config, world, &desk, handler);
        tokio::time::sleep(SECOND * 30).await;
        let counts = consumer.counts();
        assert_eq!((counts.trips, counts.faults, counts.dead), (1, 100, 0));
        down.store(false, std::sync::atomic::Ordering::Relaxed);
        tokio::time::sleep(SECOND * 29).await;
        assert_eq!(effects.all(), [0; 0], "it stands still for a minute");
        tokio::time::sleep(SECOND * 5 + ms(1)).await;
        let mut all = effects.all();
        all.sort_unstable();
        assert_eq!(all, (0..1_000).collect::<Vec<_>>());
    });
}
