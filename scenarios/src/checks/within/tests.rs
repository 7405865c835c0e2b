//! Verdicts on counts whose truth is known, because they are drawn.

use cascadia_runtime::mix;

use super::{counts, scatter};
use crate::checks::outcome::CheckStatus::{self, Failed, Passed};

const SECOND: u64 = 1_000_000_000;
const WIDTH: u64 = 5 * SECOND;

/// Numbers between 0 and 1.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = mix(self.0, 1);
        ((self.0 >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A number of a Poisson law: how many waits fit into the time.
    fn poisson(&mut self, mean: f64) -> u64 {
        let (mut at, mut count) = (0.0, 0);
        loop {
            at -= libm::log(self.next());
            if at > mean {
                return count;
            }
            count += 1;
        }
    }

    fn normal(&mut self) -> f64 {
        let (one, other) = (self.next(), self.next());
        libm::sqrt(-2.0 * libm::log(one)) * libm::cos(std::f64::consts::TAU * other)
    }
}

/// A load of so many requests a second, for `before` windows and then for `after`: each count of a
/// Poisson law, and of those after the ratio. By time, so that all scatter of the load is in it.
fn drawn(seed: u64, rate: f64, (before, after): (u64, u64), ratio: f64) -> CheckStatus {
    let mut draws = Draws(seed);
    let mut seen = |from: u64, ratio: f64| counts::Seen {
        count: draws.poisson(rate * 5.0 * ratio),
        exposure: 5.0,
        from,
        until: from + WIDTH,
    };
    let sum = |windows: &[counts::Seen]| counts::Seen {
        count: windows.iter().map(|window| window.count).sum(),
        exposure: windows.iter().map(|window| window.exposure).sum(),
        from: windows[0].from,
        until: windows[windows.len() - 1].until,
    };
    let baseline: Vec<_> = (0..before).map(|at| seen(at * WIDTH, 1.0)).collect();
    let windows: Vec<_> = (before..before + after).map(|at| seen(at * WIDTH, ratio)).collect();
    let found = counts::judge(0.05, &sum(&baseline), &sum(&windows), &windows);
    found.expect("something was counted").status
}

fn share(runs: u64, is_so: impl Fn(u64) -> bool) -> f64 {
    (1..=runs).filter(|seed| is_so(*seed)).count() as f64 / runs as f64
}

#[test]
fn chance_alone_fails_no_healthy_load_however_small() {
    for (rate, stretch) in [(1.0, (1, 3)), (10.0, (4, 13)), (100.0, (4, 13)), (1_000.0, (4, 13))] {
        for ratio in [1.0, 0.96, 1.04] {
            let runs = if rate < 1_000.0 { 1_000 } else { 100 };
            let failed = share(runs, |seed| drawn(seed, rate, stretch, ratio) == Failed);
            assert!(failed <= 0.013, "{failed} of {rate}/s at {ratio}");
        }
    }
}

#[test]
fn a_healthy_load_of_many_requests_passes() {
    let passed = share(100, |seed| drawn(seed, 1_000.0, (4, 13), 1.0) == Passed);
    assert!(passed >= 0.99, "{passed}");
}

#[test]
fn a_change_of_twice_the_bound_is_found_and_never_passes() {
    for ratio in [0.9, 1.1] {
        let found = share(100, |seed| drawn(seed, 1_000.0, (4, 13), ratio) == Failed);
        assert!(found >= 0.95, "{found} at {ratio}");
        for (rate, stretch) in [(1.0, (1, 3)), (10.0, (4, 13)), (100.0, (4, 13))] {
            let passed = share(1_000, |seed| drawn(seed, rate, stretch, ratio) == Passed);
            assert!(passed <= 0.06, "{passed} of {rate}/s at {ratio}");
        }
    }
}

#[test]
fn a_single_window_that_is_far_off_is_found() {
    let window = |count, at: u64| counts::Seen {
        count,
        exposure: 5_000.0,
        from: at * WIDTH,
        until: (at + 1) * WIDTH,
    };
    let windows: Vec<_> =
        (0..13).map(|at| window(if at == 7 { 4_000 } else { 4_990 }, at)).collect();
    let whole = counts::Seen { count: 63_880, exposure: 65_000.0, from: 0, until: 13 * WIDTH };
    let baseline = counts::Seen { count: 19_960, exposure: 20_000.0, ..whole };
    let found = counts::judge(0.05, &baseline, &whole, &windows).expect("it is judged");
    assert_eq!((found.status, found.from), (Failed, 7 * WIDTH));
    assert!(found.measured < found.allowed.0 && found.allowed.0 < found.due, "{found:?}");
}

/// A figure of windows, such as a latency, that scatters by so much.
fn scattered(seed: u64, spread: f64, ratio: f64) -> CheckStatus {
    let mut draws = Draws(seed);
    let mut seen = |at: u64, ratio: f64| {
        let value = 20.0 * ratio * (1.0 + spread * draws.normal());
        scatter::Seen { value, from: at * WIDTH, until: (at + 1) * WIDTH }
    };
    let baseline: Vec<_> = (0..6).map(|at| seen(at, 1.0)).collect();
    let windows: Vec<_> = (6..20).map(|at| Some(seen(at, ratio))).collect();
    scatter::judge(0.05, &baseline, &windows).expect("it is judged").status
}

#[test]
fn what_scatters_by_itself_fails_no_healthy_run_and_hides_no_change() {
    for spread in [0.0, 0.01, 0.1, 0.5] {
        let failed = share(400, |seed| scattered(seed, spread, 1.0) == Failed);
        assert!(failed <= 0.015, "{failed} at {spread}");
        let passed = share(400, |seed| scattered(seed, spread, 1.1) == Passed);
        assert!(passed <= 0.08, "{passed} at {spread}");
    }
    let found = share(100, |seed| scattered(seed, 0.01, 1.1) == Failed);
    assert!(found >= 0.95, "{found}");
}
