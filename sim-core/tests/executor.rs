//! The simulated world, seen from outside.

use std::future::{Future, pending, poll_fn};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use cascadia_runtime::{Ended, Identity, Runtime, Task, Time};
use cascadia_sim_core::{Event, Sim, Simulation};

type Log = Arc<Mutex<Vec<(u64, &'static str)>>>;

fn note(log: &Log, sim: Sim, what: &'static str) {
    log.lock().unwrap().push((sim.now().as_nanos(), what));
}

fn ns(nanos: u64) -> Duration {
    Duration::from_nanos(nanos)
}

/// Runs what `build` sets up for a microsecond and returns the log.
fn run(build: impl FnOnce(Sim, Log)) -> Vec<(u64, &'static str)> {
    let mut simulation = Simulation::new(1);
    let log = Log::default();
    build(simulation.sim(), Arc::clone(&log));
    simulation.run_until(Time::from_nanos(1_000)).unwrap();
    drop(simulation);
    Arc::into_inner(log).unwrap().into_inner().unwrap()
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn deadlines_come_after_everything_else_of_their_instant() {
    let log = run(|sim, log| {
        let at = Time::from_nanos(5);
        let late = Arc::clone(&log);
        sim.spawn(async move {
            sim.deadline(at).await;
            note(&late, sim, "deadline");
        });
        sim.at(at, move || {
            note(&log, sim, "event");
            let later = Arc::clone(&log);
            sim.at(at, move || note(&later, sim, "event of the event"));
        });
    });
    assert_eq!(log, [(5, "event"), (5, "event of the event"), (5, "deadline")]);
}

#[test]
fn a_deadline_now_lets_the_instant_finish() {
    let log = run(|sim, log| {
        let late = Arc::clone(&log);
        sim.spawn(async move {
            sim.deadline(sim.now()).await;
            note(&late, sim, "deadline");
        });
        sim.spawn(async move {
            sim.sleep(ns(0)).await;
            note(&log, sim, "ready");
        });
    });
    assert_eq!(log, [(0, "ready"), (0, "deadline")]);
}

#[test]
#[cfg(not(madsim))]
fn ties_run_in_the_order_of_scheduling() {
    let log = run(|sim, log| {
        for name in ["first", "second", "third"] {
            let log = Arc::clone(&log);
            sim.at(Time::from_nanos(3), move || note(&log, sim, name));
        }
    });
    assert_eq!(log, [(3, "first"), (3, "second"), (3, "third")]);
}

#[test]
fn a_task_reports_how_it_ended() {
    let log = run(|sim, log| {
        let node = sim.node("victim");
        sim.spawn(async move {
            assert_eq!(sim.spawn(async {}).await, Ok(()));
            let hung = sim.spawn(pending());
            hung.abort();
            assert_eq!(hung.await, Err(Ended::Aborted));
            let killed = sim.spawn_on(node, pending());
            sim.kill(node);
            assert_eq!(killed.await, Err(Ended::Killed));
            assert_eq!(sim.spawn_on(node, async {}).await, Err(Ended::Killed));
            sim.restart(node);
            assert_eq!(sim.spawn_on(node, async {}).await, Ok(()));
            note(&log, sim, "all");
        });
    });
    assert_eq!(log, [(0, "all")]);
}

#[test]
fn an_aborted_task_still_speaks_and_a_killed_one_does_not() {
    let speaker = |sim: Sim, log: Log| async move {
        let _farewell = OnDrop(|| {
            let log = Arc::clone(&log);
            sim.emit(Event { entity: 1, kind: 1, value: 1 });
            sim.at(sim.now(), move || note(&log, sim, "farewell"));
        });
        pending::<()>().await;
    };
    let log = run(|sim, log| {
        let (killed, aborted) = (sim.node("killed"), sim.node("aborted"));
        sim.spawn_on(killed, speaker(sim, Arc::clone(&log)));
        let task = sim.spawn_on(aborted, speaker(sim, Arc::clone(&log)));
        sim.at(Time::from_nanos(1), move || sim.kill(killed));
        sim.at(Time::from_nanos(2), move || {
            assert_eq!(sim.digest().events(), 0, "the killed one has emitted nothing");
            task.abort();
            assert_eq!(sim.digest().events(), 1);
        });
    });
    assert_eq!(log, [(2, "farewell")]);
}

#[test]
fn a_task_may_kill_its_own_node() {
    let log = run(|sim, log| {
        let node = sim.node("suicide");
        sim.spawn_on(node, async move {
            let _farewell = OnDrop(|| note(&log, sim, "dropped"));
            sim.kill(node);
            assert_eq!(sim.spawn(async {}).await, Err(Ended::Killed));
            pending::<()>().await;
        });
    });
    assert_eq!(log, [(0, "dropped")]);
}

#[test]
fn a_paused_node_goes_on_where_it_stood() {
    let log = run(|sim, log| {
        let node = sim.node("paused");
        sim.spawn_on(node, async move {
            sim.sleep(ns(5)).await;
            note(&log, sim, "awake");
        });
        sim.at(Time::from_nanos(1), move || sim.pause(node));
        sim.at(Time::from_nanos(20), move || sim.resume(node));
    });
    assert_eq!(log, [(20, "awake")]);
}

#[test]
fn a_dropped_sleep_never_fires() {
    let log = run(|sim, log| {
        sim.spawn(async move {
            for _ in 0..1000 {
                let mut sleep = Box::pin(sim.sleep(ns(500)));
                poll_fn(|context| {
                    assert!(sleep.as_mut().poll(context).is_pending());
                    Poll::Ready(())
                })
                .await;
            }
            sim.sleep(ns(1)).await;
            note(&log, sim, "done");
        });
    });
    assert_eq!(log, [(1, "done")]);
}

#[test]
#[should_panic(expected = "asked for twice")]
fn a_stream_has_one_user() {
    let simulation = Simulation::new(1);
    let sim = simulation.sim();
    let db = Identity::new("db");
    sim.stream(db, 0);
    sim.stream(db, 1);
    sim.stream(db, 0);
}

#[test]
#[should_panic(expected = "outside its run")]
fn a_handle_is_good_for_its_own_run_only() {
    let old = Simulation::new(1).sim();
    let _simulation = Simulation::new(1);
    old.now();
}

#[test]
fn time_reaches_the_limit_in_slices() {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    for at in 1..=10 {
        sim.at(Time::from_nanos(at), || {});
    }
    let limit = Time::from_nanos(100);
    assert_eq!(simulation.advance(limit, 4), Ok(false));
    assert_eq!(sim.now(), Time::from_nanos(4));
    assert_eq!(simulation.advance(limit, 7), Ok(true));
    assert_eq!(sim.now(), limit);
}
