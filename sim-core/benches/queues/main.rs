//! Which event queue: `cargo bench -p cascadia-sim-core --bench queues` prints nanoseconds for an
//! operation of each, medians of five runs.
//!
//! `hold` takes out the earliest timer and arms another, `timeout` does that and cancels a timer
//! that was armed for thirty seconds later.

#![allow(dead_code, reason = "the bench takes in the queue and uses a part of it")]
#![expect(clippy::print_stdout, reason = "it is what the command is for")]

mod contender;
mod engine;
mod heap;
mod ours;

use std::time::Instant;

use self::contender::Contender;
use self::heap::Heap;
use self::ours::Ours;

const OPERATIONS: u64 = 2_000_000;
const RUNS: usize = 5;
const MILLISECOND: u64 = 1_000_000;

/// Nanoseconds an operation, with so many timers and perhaps timeouts besides.
type Measure = fn(usize, bool) -> f64;

fn main() {
    let contenders: [(&str, Measure); 3] = [
        ("buckets (ours)", measure::<Ours>),
        ("indexed heap", measure::<Heap<true>>),
        ("lazily compacted heap", measure::<Heap<false>>),
    ];
    println!("{:24}{:>9}{:>9}{:>9}", "", "timers", "hold", "timeout");
    for timers in [100, 1_000, 10_000, 100_000] {
        for (name, measure) in contenders {
            let median = |timeouts| {
                let mut runs: Vec<f64> = (0..RUNS).map(|_| measure(timers, timeouts)).collect();
                runs.sort_by(f64::total_cmp);
                runs[RUNS / 2]
            };
            println!("{name:24}{timers:>9}{:>9.1}{:>9.1}", median(false), median(true));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench is about real time")]
fn measure<Q: Contender>(timers: usize, timeouts: bool) -> f64 {
    let mut queue = Q::default();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % (1_000 * MILLISECOND)
    };
    let limit = |now: u64| now + 30_000 * MILLISECOND;
    (0..timers as u32).for_each(|timer| _ = queue.arm(draw(), timer));
    let limits = if timeouts { timers } else { 0 };
    let mut keys: Vec<_> = (0..limits).map(|_| queue.arm(limit(0), u32::MAX)).collect();
    let began = Instant::now();
    for _ in 0..OPERATIONS {
        let (now, timer) = queue.pop().expect("timers are armed");
        if timeouts {
            queue.cancel(keys[timer as usize]);
            keys[timer as usize] = queue.arm(limit(now), u32::MAX);
        }
        queue.arm(now + draw(), timer);
    }
    began.elapsed().as_nanos() as f64 / OPERATIONS as f64
}
