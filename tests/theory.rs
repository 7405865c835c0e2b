//! Queues from scenario files against their closed forms.

use crate::support::{full, mean, runs, scenario, seeds};

/// A queue and its exact figures in milliseconds.
struct Case {
    file: &'static str,
    servers: u32,
    load: f64,
}

const CASES: [Case; 4] = [
    Case { file: "tests/theory/mm1-50.json", servers: 1, load: 0.5 },
    Case { file: "tests/theory/mm1-80.json", servers: 1, load: 0.8 },
    Case { file: "tests/theory/mm1-95.json", servers: 1, load: 0.95 },
    Case { file: "tests/theory/mm4-80.json", servers: 4, load: 0.8 },
];

impl Case {
    /// The probability to wait (Erlang C).
    fn waits(&self) -> f64 {
        let offered = self.load * f64::from(self.servers);
        let mut term = 1.0;
        let mut sum = 1.0;
        for busy in 1..self.servers {
            term *= offered / f64::from(busy);
            sum += term;
        }
        let all_busy = term * offered / f64::from(self.servers) / (1.0 - self.load);
        all_busy / (sum + all_busy)
    }

    /// The rate at which the wait of those who wait ends, per millisecond.
    fn clearing(&self) -> f64 {
        f64::from(self.servers) * (1.0 - self.load)
    }

    fn mean_wait(&self) -> f64 {
        self.waits() / self.clearing()
    }

    /// P(sojourn > t) in milliseconds: service of mean 1 after no wait or an exponential one.
    fn beyond(&self, t: f64) -> f64 {
        let (waits, rate) = (self.waits(), self.clearing());
        let service = (-t).exp();
        let both = if (rate - 1.0).abs() < 1e-9 {
            (1.0 + t) * service
        } else {
            (rate * service - (-rate * t).exp()) / (rate - 1.0)
        };
        (1.0 - waits) * service + waits * both
    }

    fn sojourn(&self, p: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1_000.0);
        for _ in 0..100 {
            let middle = (low + high) / 2.0;
            if self.beyond(middle) > 1.0 - p { low = middle } else { high = middle }
        }
        low
    }
}

/// Quantiles of Student's t at 99.5 % and 97.5 % for `n` samples.
fn student(n: usize) -> (f64, f64) {
    match n {
        4 => (5.841, 3.182),
        20 => (2.861, 2.093),
        _ => unreachable!("four seeds or twenty"),
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "shown with --nocapture: the figures of the table")]
fn the_closed_forms_lie_in_their_intervals() {
    let mut held = 0;
    let mut report = String::new();
    for case in &CASES {
        let results = runs(&scenario(case.file), &seeds());
        let (t_99, t_95) = student(results.len());
        let wait: Vec<f64> =
            results.iter().map(|run| run.services["server"].wait_ns.unwrap() / 1e6).collect();
        let latency = |run: &cascadia::result::RunResult| run.loads["users"].latency_ns.clone();
        let p50: Vec<f64> =
            results.iter().map(|run| latency(run).p50.unwrap() as f64 / 1e6).collect();
        let p99: Vec<f64> =
            results.iter().map(|run| latency(run).p99.unwrap() as f64 / 1e6).collect();
        for (what, values, exact, widest) in [
            ("mean wait", wait, case.mean_wait(), 0.01),
            ("p50", p50, case.sojourn(0.5), 0.01),
            ("p99", p99, case.sojourn(0.99), 0.02),
        ] {
            let (mean, error) = mean(&values);
            let holds = (mean - exact).abs() <= t_99 * error;
            let half = t_95 * error / exact;
            held += u32::from(holds);
            report += &format!(
                "{} {what}: {mean:.5} exact {exact:.5}, 95 % ± {:.2} %, holds {holds}\n",
                case.file,
                half * 100.0
            );
            assert!(!full() || half < widest, "{report}");
        }
        let measured = results.iter().map(|run| run.loads["users"].offered).min().unwrap();
        let wanted = if case.load == 0.95 { 4_990_000 } else { 995_000 };
        assert!(measured >= wanted, "{}: only {measured} requests", case.file);
    }
    println!("{report}");
    assert!(held >= 11, "{held} of 12 hold\n{report}");
}

/// One worker, who does not notice that callers go, and users who go after 8 ms: their latency is an
/// exponential sojourn or the timeout, whichever is sooner.
#[test]
fn the_latency_of_all_is_that_of_impatient_users() {
    let results = runs(&scenario("tests/theory/mm1-timeout.json"), &seeds());
    let (t_99, _) = student(results.len());
    let (rate, patience) = (0.2_f64, 8.0_f64);
    let gone = (-rate * patience).exp();
    let measured = |metric: &str| -> Vec<f64> {
        let check = |run: &cascadia::result::RunResult| {
            let mine = run.checks.iter().find(|check| check.expression.starts_with(metric));
            mine.unwrap().measured.unwrap()
        };
        results.iter().map(check).collect()
    };
    for (metric, exact) in [
        ("timeout", gone),
        ("all_mean", (1.0 - gone) / rate * 1e6),
        ("all_p50", 2.0_f64.ln() / rate * 1e6),
        ("all_p75", 4.0_f64.ln() / rate * 1e6),
    ] {
        let (mean, error) = mean(&measured(metric));
        let holds = (mean - exact).abs() <= t_99 * error;
        assert!(holds, "{metric}: {mean} ± {error}, exact {exact}");
    }
    assert!(measured("all_max").iter().all(|max| *max == patience * 1e6), "nobody waits longer");
    let in_the_tail = |p90: &f64| (p90 / (patience * 1e6) - 1.0).abs() < 1.0 / 128.0;
    assert!(measured("all_p90").iter().all(in_the_tail), "a fifth of all wait so long");
}

#[test]
fn the_closed_forms_are_those_of_the_books() {
    let close = |a: f64, b: f64| (a - b).abs() < 1e-5 * b;
    let [half, four_fifths, heavy, _] = &CASES;
    assert!(close(half.mean_wait(), 1.0) && close(half.sojourn(0.5), 1.386_294_36));
    assert!(close(four_fifths.sojourn(0.99), 23.025_850_9));
    assert!(close(heavy.mean_wait(), 19.0));
    let three = Case { file: "", servers: 3, load: 0.8 };
    assert!(close(three.waits(), 0.647_191_011) && close(three.mean_wait(), 1.078_651_69));
    assert!(close(three.sojourn(0.5), 1.578_807_19) && close(three.sojourn(0.99), 8.455_477_37));
}
