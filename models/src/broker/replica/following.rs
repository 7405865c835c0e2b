use std::time::Duration;

use cascadia_runtime::Time;

/// How long a follower waits for an answer before it asks again (Kafka `replica.fetch.wait.max.ms`, after which who leads
/// answers that there is nothing).
const PATIENCE: Duration = Duration::from_millis(500);

/// What a follower of a partition knows of who leads it.
pub(in crate::broker) struct Following {
    pub(in crate::broker) leader: usize,
    pub(in crate::broker) epoch: u64,
    /// The newest question.
    number: u64,
    /// When it was asked, if it is not answered.
    asked: Option<Time>,
}

impl Following {
    pub(in crate::broker) const fn new(leader: usize, epoch: u64) -> Self {
        Self { leader, epoch, number: 0, asked: None }
    }

    /// Asks, and says which question that is; nothing while there is one open.
    pub(in crate::broker) fn ask(&mut self, now: Time) -> Option<u64> {
        if self.asked.is_some_and(|asked| now.since(asked) < PATIENCE) {
            return None;
        }
        self.asked = Some(now);
        self.number += 1;
        Some(self.number)
    }

    /// An answer has come. Whether it is the one that is awaited.
    pub(in crate::broker) fn on_answer(&mut self, epoch: u64, number: u64) -> bool {
        let is_it = self.epoch == epoch && self.number == number && self.asked.is_some();
        if is_it {
            self.asked = None;
        }
        is_it
    }
}
