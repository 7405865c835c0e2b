//! How many sagas complete, and what the others cost, beside what theory says.

use cascadia_runtime::Stream;

use super::scripted::{Driven, done, refused};
use crate::messaging::tests::cases;
use crate::saga::Direction;
use crate::saga::definition::{Step, Steps};
use crate::saga::state::Phase;

/// Completed, commands to do something, commands to undo something: of one saga.
fn one(steps: u32, fails: f64, stream: &mut Stream) -> [f64; 3] {
    let all = (0..steps).map(|step| Step::compensatable(step.to_string(), "p"));
    let definition = all.fold(Steps::new("order", 1), Steps::then).build().unwrap();
    let mut saga = Driven::begin(&definition);
    let mut counts = [0.0; 3];
    while !saga.saga.state().phase().is_end() {
        let is_do = saga.open[0].direction == Direction::Do;
        counts[if is_do { 1 } else { 2 }] += 1.0;
        saga.end(if is_do && stream.unit() < fails { refused() } else { done() });
    }
    counts[0] = f64::from(u8::from(saga.saga.state().phase() == Phase::Completed));
    counts
}

/// n steps, each of which fails with probability p: q = 1 − p, P(commit) = qⁿ, E[forward] = (1 − qⁿ) / p,
/// E[compensations] = Σ i qⁱ p for i < n.
#[test]
fn rates_are_those_of_theory() {
    let rows = [
        (3, 0.05, [0.857375, 2.8525, 0.13775]),
        (3, 0.2, [0.512, 2.44, 0.416]),
        (5, 0.01, [0.95099005, 4.90099501, 0.0970348104]),
        (5, 0.05, [0.773780937, 4.52438125, 0.4292575]),
        (5, 0.2, [0.32768, 3.3616, 1.05088]),
        (8, 0.01, [0.922744694, 7.72553056, 0.266317696]),
        (8, 0.05, [0.663420431, 6.73159137, 1.08764836]),
        (8, 0.2, [0.16777216, 4.1611392, 1.98673408]),
    ];
    let many = cases(2_000);
    for (steps, fails, expected) in rows {
        let mut stream = Stream::from_seed(u64::from(steps) * 1_000 + (fails * 100.0) as u64);
        let (mut sum, mut squares) = ([0.0; 3], [0.0; 3]);
        for _ in 0..many {
            let counts = one(steps, fails, &mut stream);
            for at in 0..3 {
                sum[at] += counts[at];
                squares[at] += counts[at] * counts[at];
            }
        }
        let n = many as f64;
        for at in 0..3 {
            let mean = sum[at] / n;
            let error = libm::sqrt((squares[at] / n - mean * mean) / n);
            let off = (mean - expected[at]).abs();
            assert!(off < 3.0 * error, "{steps} steps, {fails}: {mean}, not {}", expected[at]);
        }
    }
}
