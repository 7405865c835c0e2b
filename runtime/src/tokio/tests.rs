//! One clock for the handles of a process, and that of tokio.

use std::thread;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn on_a_runtime<T>(paused: bool, run: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().start_paused(paused).build().unwrap().block_on(run)
}

/// A handle, the time that another shows, and that of the handle: in order if they are of one clock.
fn in_order(earlier: Time) -> Time {
    let (one, other) = (TokioWorld::new(), TokioWorld::new());
    let times = [earlier, one.now(), other.now(), one.now(), TokioWorld::new().now()];
    assert!(times.is_sorted(), "{times:?}");
    times[4]
}

#[tokio::test(start_paused = true)]
async fn time_follows_the_clock_of_tokio() {
    let world = TokioWorld::new();
    let began = world.now();
    world.sleep(3 * SECOND).await;
    assert_eq!(world.now(), began + 3 * SECOND);
    world.deadline(began).await;
    world.deadline(Time::ZERO).await;
    assert_eq!(world.now(), began + 3 * SECOND);
    tokio::time::advance(Duration::from_nanos(1)).await;
    assert_eq!(world.now(), (began + 3 * SECOND).after(1));
}

#[tokio::test(start_paused = true)]
async fn handles_agree_on_the_time_whenever_they_are_made() {
    let first = TokioWorld::new();
    for hours in [0, 1, 24, 24 * 365] {
        first.sleep(3_600 * hours * SECOND).await;
        let later = TokioWorld::new();
        assert_eq!(later.now(), first.now());
        let at = later.now() + SECOND;
        first.sleep_until(at).await;
        assert_eq!(later.now(), at);
    }
}

#[test]
fn real_clocks_agree_in_all_runtimes_and_outside_of_them() {
    let mut time = in_order(Time::ZERO);
    for _ in 0..3 {
        time = on_a_runtime(false, async { in_order(time) });
        time = thread::scope(|scope| {
            scope.spawn(|| on_a_runtime(false, async { in_order(time) })).join().unwrap()
        });
        time = in_order(time);
    }
}

#[test]
fn a_paused_clock_is_its_own_and_moves_no_other() {
    let world = TokioWorld::new();
    let before = world.now();
    on_a_runtime(true, async {
        world.sleep(3_600 * SECOND).await;
        assert!(TokioWorld::new().now() >= before + 3_600 * SECOND);
    });
    assert!(in_order(before) < before + 3_600 * SECOND);
}

#[test]
fn time_goes_on_when_the_clock_is_paused_and_resumed() {
    on_a_runtime(false, async {
        let time = in_order(Time::ZERO);
        tokio::time::pause();
        let time = in_order(time);
        TokioWorld::new().sleep(SECOND).await;
        tokio::time::resume();
        in_order(time + SECOND);
    });
}

/// A test may pause its clock, and another make the first handle of the process after that.
#[test]
fn a_clock_that_was_paused_before_the_first_handle_is_exact() {
    let paused = Instant::now();
    assert!(paused > *ZERO + SECOND, "its times are after zero");
    on_a_runtime(true, async {
        let world = TokioWorld::new();
        for _ in 0..4 {
            let time = world.now();
            world.sleep_until(time + SECOND).await;
            assert_eq!(world.now(), time + SECOND);
        }
    });
}

#[tokio::test(start_paused = true)]
async fn a_task_reports_how_it_ended() {
    let world = TokioWorld::new();
    assert_eq!(world.spawn(async {}).await, Ok(()));
    let hung = world.spawn(std::future::pending());
    hung.abort();
    assert_eq!(hung.await, Err(Ended::Aborted));
    assert_eq!(world.spawn(async { panic!("planted") }).await, Err(Ended::Panicked));
}
