//! The table: a line a row, with what is required of the ratios.

use crate::call::Timed;
use crate::{CONTENDERS, Contender};

const ROUNDS: usize = 15;
/// Calls of one contender in one round.
const CALLS: u64 = 100_000;

/// Our cost may be so many times theirs, at most.
const REQUIRED: [(&str, f64); 2] = [("tower-resilience", 1.1), ("tower boxed", 1.5)];

/// Measures everybody and prints what came of it.
#[expect(clippy::print_stdout, reason = "it is what the command is for")]
pub(crate) fn print() {
    println!("\nnanoseconds a call on the happy path, medians of {ROUNDS} interleaved runs\n");
    let names: String = CONTENDERS.iter().map(|one| format!("{:>18}", one.name)).collect();
    let ratios: String = REQUIRED
        .iter()
        .map(|(name, most)| format!("{:>27}", format!("of {name} (≤ {most})")))
        .collect();
    println!("{:18}{names}{ratios}", "");
    for row in crate::ours::rows() {
        println!("{}", line(row, &costs(row)));
    }
}

/// What a call costs each contender, in nanoseconds.
fn costs(row: &str) -> Vec<Option<f64>> {
    let mut all: Vec<Option<Timed>> = CONTENDERS.iter().map(|one| (one.timed)(row)).collect();
    let mut costs = vec![Vec::new(); all.len()];
    for _ in 0..ROUNDS {
        for (timed, costs) in all.iter_mut().zip(&mut costs) {
            if let Some(timed) = timed {
                costs.push(timed(CALLS).as_nanos() as f64 / CALLS as f64);
            }
        }
    }
    costs.into_iter().map(median).collect()
}

fn line(row: &str, costs: &[Option<f64>]) -> String {
    let cell = |cost: &Option<f64>| match cost {
        Some(cost) => format!("{cost:>18.0}"),
        None => format!("{:>18}", "-"),
    };
    let cells: String = costs.iter().map(cell).collect();
    let ratios: String = REQUIRED.iter().map(|(name, most)| ratio(costs, name, *most)).collect();
    format!("{:18}{cells}{ratios}", row)
}

fn ratio(costs: &[Option<f64>], name: &str, most: f64) -> String {
    let at = CONTENDERS.iter().position(|Contender { name: other, .. }| *other == name);
    let ratio = at.and_then(|at| Some(costs[0]? / costs[at]?));
    let text = ratio.map_or_else(
        || "-".to_owned(),
        |ratio| format!("{ratio:.2}{}", if ratio > most { " too slow" } else { "" }),
    );
    format!("{text:>27}")
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
