//! What is said when a run cannot go on.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cascadia_runtime::{Runtime, Time};
use cascadia_sim_core::{RunError, Simulation, TaskName};

const LIMIT: Time = Time::from_nanos(10);

/// Node and line of each task.
fn places(tasks: &[TaskName]) -> Vec<(&str, u32)> {
    tasks.iter().map(|task| (&*task.node, task.spawned.line())).collect()
}

#[test]
fn a_panic_fails_the_run_and_names_the_task() {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    let line = line!() + 1;
    sim.spawn_on(sim.node("fragile"), async move {
        sim.sleep(Duration::from_nanos(7)).await;
        panic!("planted");
    });
    let error = simulation.run_until(LIMIT).unwrap_err();
    let told = format!(
        "a task of fragile (spawned at {}:{line}:9) panicked at 0.000000007s: planted",
        file!()
    );
    assert_eq!(error.to_string(), told);
}

#[test]
fn a_panic_of_a_callback_fails_the_run_too() {
    let mut simulation = Simulation::new(1);
    simulation.sim().at(Time::from_nanos(3), || panic!("planted"));
    let error = simulation.run_until(LIMIT).unwrap_err();
    assert_eq!(error.to_string(), "a callback panicked at 0.000000003s: planted");
}

#[test]
fn a_livelock_names_the_tasks_that_run_without_end() {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    sim.spawn_on(sim.node("innocent"), pending());
    let line = line!() + 1;
    sim.spawn_on(sim.node("spinner"), async move {
        loop {
            sim.spawn(async {}).await.unwrap();
        }
    });
    let error = simulation.run_until(LIMIT).unwrap_err();
    let RunError::Livelock { at, tasks } = error else { panic!("{error}") };
    assert_eq!(at, Time::ZERO);
    let (node, spawned) = places(&tasks)[0];
    assert!(node == "spinner" && [line, line + 2].contains(&spawned), "{node} at line {spawned}");
}

/// Both kinds of loops that let no time pass: those that wait for each other in it, and those that
/// wait for nothing.
#[test]
fn a_livelock_names_everybody_that_takes_part_and_nobody_else() {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    sim.spawn_on(sim.node("innocent"), pending());
    let (ping, pong) = (sim.node("ping"), sim.node("pong"));
    sim.spawn_on(ping, async move {
        loop {
            sim.spawn_on(pong, async {}).await.unwrap();
        }
    });
    let error = simulation.run_until(LIMIT).unwrap_err();
    let RunError::Livelock { tasks, .. } = error else { panic!("{error}") };
    let told: Vec<_> = places(&tasks).into_iter().map(|(node, _)| node).collect();
    assert!(!told.is_empty() && told.iter().all(|node| ["ping", "pong"].contains(node)));
    #[cfg(not(madsim))]
    assert_eq!(told, ["ping", "pong"]);
}

#[test]
fn a_poll_that_takes_turns_without_end_is_a_livelock_of_its_task() {
    struct Ends(Arc<AtomicBool>);
    impl Drop for Ends {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    let ended = Arc::new(AtomicBool::new(false));
    let ends = Ends(Arc::clone(&ended));
    let line = line!() + 1;
    sim.spawn_on(sim.node("spinner"), async move {
        let _ends = ends;
        sim.sleep(Duration::from_nanos(7)).await;
        loop {
            sim.turn();
        }
    });
    let error = simulation.run_until(LIMIT).unwrap_err();
    let RunError::Livelock { at, tasks } = error else { panic!("{error}") };
    assert_eq!((at, places(&tasks)), (Time::from_nanos(7), vec![("spinner", line)]));
    assert!(ended.load(Ordering::Relaxed), "it was unwound");
}

/// Takes some turns in each of some polls.
fn turning(polls: u32) -> Result<(), RunError> {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    sim.spawn_on(sim.node("spinner"), async move {
        for _ in 0..polls {
            (0..100_000).for_each(|_| sim.turn());
            sim.spawn(async {}).await.unwrap();
        }
    });
    simulation.run_until(LIMIT)
}

#[test]
fn turns_are_steps_of_their_instant() {
    assert_eq!(turning(20), Ok(()));
    assert!(matches!(turning(1_000), Err(RunError::Livelock { .. })));
}

/// The other engine ends late.
#[cfg(not(madsim))]
#[test]
fn a_slice_ends_after_a_poll_with_many_turns() {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    sim.spawn(async move {
        (0..1_000).for_each(|_| sim.turn());
        sim.spawn(async {}).await.unwrap();
    });
    assert_eq!(simulation.advance(LIMIT, 1_000), Ok(false));
    assert_eq!(simulation.advance(LIMIT, 1_000), Ok(true));
}

#[test]
fn a_deadlock_names_the_tasks_that_wait() {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
    let line = line!() + 1;
    sim.spawn_on(sim.node("keeper"), async move {
        sim.sleep(Duration::from_nanos(5)).await;
        let _kept = sender;
        pending::<()>().await;
    });
    let main = line!() + 1;
    let error = simulation.block_on(receiver).unwrap_err();
    let RunError::Deadlock { at, tasks } = error else { panic!("{error}") };
    assert_eq!(at, Time::from_nanos(5));
    assert_eq!(places(&tasks), [("keeper", line), ("world", main)]);
}

#[test]
fn what_is_blocked_on_ends_the_run() {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    sim.spawn(async move { sim.sleep(Duration::from_secs(60)).await });
    let value = simulation.block_on(async move {
        sim.sleep(Duration::from_nanos(5)).await;
        7
    });
    assert_eq!((value, sim.now()), (Ok(7), Time::from_nanos(5)));
    assert_eq!(simulation.block_on(async { 8 }), Ok(8));
}
