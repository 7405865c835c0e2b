//! What is said when a run cannot go on.

use std::future::pending;
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
