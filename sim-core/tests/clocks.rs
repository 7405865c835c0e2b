//! Wall clocks of nodes, and work that blocks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::{Runtime, Time, Wall};
use cascadia_sim_core::{Sim, Simulation};

/// The beginning of 2000.
const BEGIN: Wall = Wall::from_nanos(946_684_800_000_000_000);
const HOUR: i64 = 3_600_000_000_000;

fn at(nanos: u64) -> Time {
    Time::from_nanos(nanos)
}

/// What a task of a new world comes to.
fn run<T: Send + 'static, F>(task: impl FnOnce(Sim) -> F) -> T
where
    F: Future<Output = T> + Send + 'static,
{
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    simulation.block_on(task(sim)).unwrap()
}

#[test]
fn a_clock_that_nobody_has_set_shows_what_has_passed_since_2000() {
    run(|sim| async move {
        assert_eq!(sim.wall(), BEGIN);
        sim.sleep_until(at(1_234_567)).await;
        assert_eq!(sim.wall(), BEGIN + Duration::from_nanos(1_234_567));
    });
}

#[test]
fn a_clock_steps_and_drifts_on_its_own_node_only() {
    run(|sim| async move {
        let (wrong, right) = (sim.node("wrong"), sim.node("right"));
        let ahead = move || {
            let shown = |node| i128::from(sim.wall_of(node).as_nanos());
            shown(wrong) - shown(right)
        };
        sim.set_wall(wrong, HOUR, 0);
        assert_eq!(ahead(), i128::from(HOUR));
        sim.sleep_until(at(1_000_000_000)).await;
        sim.set_wall(wrong, -HOUR, 1_000);
        sim.sleep_until(at(3_500_000_000)).await;
        assert_eq!(ahead(), i128::from(2_500 - HOUR));
        sim.set_wall(wrong, 0, -1_000_000_000);
        let stands = sim.wall_of(wrong);
        sim.sleep_until(at(9_000_000_000)).await;
        assert_eq!(sim.wall_of(wrong), stands, "it loses a second in each");
        sim.set_wall(wrong, 0, 0);
        assert_eq!(ahead(), 0);
        assert_eq!(sim.wall_of(right), BEGIN + Duration::from_secs(9));
    });
}

#[test]
fn a_task_sees_the_clock_of_its_node_and_waits_by_no_clock_of_the_wall() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    run(|sim| async move {
        let node = sim.node("node");
        sim.set_wall(node, HOUR, 500_000_000);
        let task = sim.spawn_on(node, async move {
            sim.sleep(Duration::from_secs(2)).await;
            noted.lock().unwrap().push((sim.now(), sim.wall()));
        });
        task.await.unwrap();
        assert_eq!(sim.wall(), BEGIN + Duration::from_secs(2));
    });
    let ahead = BEGIN + Duration::from_nanos(HOUR as u64) + Duration::from_secs(3);
    assert_eq!(*seen.lock().unwrap(), [(at(2_000_000_000), ahead)]);
}

#[test]
fn a_clock_stays_as_it_is_set_when_its_node_is_killed() {
    run(|sim| async move {
        let node = sim.node("node");
        sim.set_wall(node, HOUR, 0);
        sim.kill(node);
        sim.restart(node);
        assert_eq!(sim.wall_of(node), BEGIN + Duration::from_nanos(HOUR as u64));
    });
}

#[test]
fn every_run_begins_with_clocks_that_are_right() {
    let wrong = |sim: Sim| async move {
        let (node, shown) = (sim.node("node"), sim.wall());
        sim.set_wall(node, HOUR, 0);
        (sim.wall_of(node) > BEGIN, shown)
    };
    assert_eq!([run(wrong), run(wrong)], [(true, BEGIN); 2]);
}

#[test]
fn blocking_work_is_done_at_once_and_answers_when_it_would_have_been_done() {
    run(|sim| async move {
        assert_eq!(sim.blocked_until(), None);
        sim.sleep_until(at(5)).await;
        let work = move || {
            let begun = sim.blocked_until();
            sim.block_until(at(20));
            sim.block_until(at(12));
            (begun, sim.blocked_until(), sim.now())
        };
        let seen = sim.blocking(work).await.unwrap();
        assert_eq!(seen, (Some(at(5)), Some(at(20)), at(5)), "nothing goes back");
        assert_eq!((sim.now(), sim.blocked_until()), (at(20), None));
        assert_eq!(sim.blocking(|| 7).await, Ok(7));
        assert_eq!(sim.now(), at(20), "it took no time");
    });
}

#[test]
fn who_leaves_blocking_work_has_done_it_all_the_same() {
    run(|sim| async move {
        let done = Arc::new(Mutex::new(false));
        let (node, also) = (sim.node("node"), Arc::clone(&done));
        let task = sim.spawn_on(node, async move {
            let work = move || {
                *also.lock().unwrap() = true;
                sim.block_until(at(100));
            };
            sim.blocking(work).await.unwrap();
        });
        sim.sleep_until(at(50)).await;
        sim.kill(node);
        assert!(task.await.is_err());
        assert!(*done.lock().unwrap());
        assert_eq!((sim.now(), sim.blocked_until()), (at(50), None));
    });
}

#[test]
#[should_panic(expected = "in blocking work only")]
fn what_takes_time_is_used_in_blocking_work_only() {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    let _ = simulation.block_on(async move { sim.blocking(|| ()).await });
    sim.block_until(at(1));
}
