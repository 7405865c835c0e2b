use std::collections::VecDeque;
use std::fmt;

use cascadia_runtime::Time;

use super::{Mark, Memory, Tally};

/// The last so many outcomes, one by one: each new one pushes out the oldest.
pub(in crate::breaker) struct Count {
    size: usize,
    marks: VecDeque<Mark>,
    failed: u32,
    slow: u32,
}

impl fmt::Debug for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Count")
            .field("size", &self.size)
            .field("calls", &self.marks.len())
            .field("failed", &self.failed)
            .field("slow", &self.slow)
            .finish()
    }
}

impl Count {
    pub(in crate::breaker) fn new(size: u32) -> Self {
        Self { size: size as usize, marks: VecDeque::new(), failed: 0, slow: 0 }
    }
}

impl Memory for Count {
    fn record(&mut self, _: Time, mark: Mark) {
        if self.marks.len() == self.size
            && let Some(oldest) = self.marks.pop_front()
        {
            self.failed -= u32::from(oldest.failed);
            self.slow -= u32::from(oldest.slow);
        }
        self.marks.push_back(mark);
        self.failed += u32::from(mark.failed);
        self.slow += u32::from(mark.slow);
    }

    fn tally(&mut self, _: Time) -> Tally {
        let (failed, slow) = (f64::from(self.failed), f64::from(self.slow));
        Tally { calls: self.marks.len() as f64, failed, slow }
    }

    fn most(&self) -> f64 {
        self.size as f64
    }

    fn clear(&mut self) {
        self.marks.clear();
        (self.failed, self.slow) = (0, 0);
    }
}
