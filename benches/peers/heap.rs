//! The floor: a loop around the heap of the standard library, without tasks.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use crate::workload::{Times, Workload};

pub(crate) fn run(workload: Workload, operations: u64) -> Option<Duration> {
    let (Workload::Sleep1k | Workload::Sleep100k) = workload else { return None };
    let mut times: Vec<Times> = (0..workload.tasks()).map(Times::of_task).collect();
    let mut heap = BinaryHeap::new();
    let mut sequence = 0;
    let mut arm = |heap: &mut BinaryHeap<_>, now: u64, task: usize| {
        let at = now + times[task].next().as_nanos() as u64;
        sequence += 1;
        heap.push(Reverse((at, sequence, task)));
    };
    let began = Instant::now();
    (0..workload.tasks()).for_each(|task| arm(&mut heap, 0, task as usize));
    for _ in 0..operations {
        let Reverse((now, _, task)) = heap.pop()?;
        arm(&mut heap, now, task);
    }
    Some(began.elapsed())
}
