use super::back::{Back, back};
use super::history::History;

const SECOND: u64 = 1_000_000_000;

/// Sixty windows of 2 s from 10 s on, of which the first fifteen are before a fault that ends at 50 s.
fn history(due: f64, ok: impl Fn(u64) -> u64, slow: impl Fn(u64) -> bool) -> History {
    let count = |at| ok(at);
    History {
        edges: (0..=60).map(|at| (10 + 2 * at) * SECOND).collect(),
        ok: (0..60).map(count).collect(),
        due: vec![due; 60],
        slow: (0..60).map(|at| if slow(at) { ok(at) } else { ok(at) / 4 }).collect(),
        knows_slow: true,
    }
}

fn after(history: &History) -> (Back, Back) {
    back(history, history.within(50 * SECOND, 130 * SECOND), 50 * SECOND)
}

#[test]
fn recovery_is_timed_from_the_end_of_the_fault() {
    let outage = |until: u64| {
        let out = move |at: u64| (15..(until - 10) / 2).contains(&at);
        after(&history(2400.0, move |at| if out(at) { 0 } else { 2400 }, |_| false)).0
    };
    assert_eq!(outage(58), Back::After(8 * SECOND));
    assert_eq!(outage(50), Back::After(0));
    assert_eq!(outage(130), Back::Never);
}

#[test]
fn what_is_back_and_slow_is_not_back() {
    let slow = |until: u64| after(&history(2400.0, |_| 2400, move |at| at < (until - 10) / 2));
    assert_eq!(slow(50), (Back::After(0), Back::After(0)));
    assert_eq!(slow(130), (Back::After(0), Back::Never));
    let (goodput, latency) = slow(80);
    assert_eq!(goodput, Back::After(0));
    assert!(
        matches!(latency, Back::After(ns) if (26..=30).contains(&(ns / SECOND))),
        "{latency:?}"
    );
}

/// A steady load of one request in `every` windows, of which the answers stop at 50 s and come again
/// at `until`.
fn faint(every: u64, until: u64) -> Back {
    let answered = move |at: u64| !(20..(until - 10) / 2).contains(&at) && at.is_multiple_of(every);
    after(&history(1.0 / every as f64, move |at| u64::from(answered(at)), |_| false)).0
}

#[test]
fn however_faint_the_load_silence_is_no_recovery() {
    for every in [1, 2, 3, 5] {
        assert_eq!(faint(every, 130), Back::Never, "one request in {every} windows");
    }
}

#[test]
fn what_too_few_requests_do_not_show_is_not_said() {
    assert_eq!(faint(1, 50), Back::After(0));
    assert_eq!(faint(5, 50), Back::Unknown);
    assert!(matches!(faint(1, 100), Back::After(after) if after > 0));
    let nameless = History { knows_slow: false, ..history(2400.0, |_| 2400, |_| false) };
    assert_eq!(after(&nameless), (Back::After(0), Back::Unknown));
}

/// Counts of a Poisson law around what is due, of which a quarter is slow.
fn drawn(seed: u64, due: f64) -> History {
    let mut state = seed;
    let mut draw = || {
        state = cascadia_runtime::mix(state, 1);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let mut poisson = |mean: f64| {
        let (mut at, mut count) = (0.0, 0);
        loop {
            at -= libm::log(draw());
            if at > mean {
                return count;
            }
            count += 1;
        }
    };
    let (quick, slow): (Vec<u64>, Vec<u64>) =
        (0..60).map(|_| (poisson(due * 0.75), poisson(due * 0.25))).unzip();
    let ok = quick.iter().zip(&slow).map(|(quick, slow)| quick + slow).collect();
    History { ok, slow, ..history(due, |_| 0, |_| false) }
}

#[test]
fn chance_alone_keeps_hardly_a_healthy_load_from_being_back() {
    for due in [2.0, 8.0, 30.0, 300.0, 2400.0] {
        let healthy = (Back::After(0), Back::After(0));
        let wrong = (1..=400).filter(|seed| after(&drawn(*seed, due)) != healthy).count();
        assert!(wrong <= 6, "{wrong} of 400 with {due} in a window");
    }
}

#[test]
fn a_loss_of_twice_what_is_let_pass_is_found() {
    let found = |seed: &u64| {
        let history = drawn(*seed, 2400.0);
        let due = history.due.iter().map(|due| due / 0.9).collect();
        after(&History { due, ..history }).0 == Back::Never
    };
    let count = (1..=100).filter(found).count();
    assert!(count >= 95, "{count}");
}
