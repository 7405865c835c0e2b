use super::config::AckWhen;
use super::intake::Intake;
use super::job::{Job, Stage};
use crate::messaging::{Partition, Settle};

/// How a consumer gets rid of what it does not handle.
impl Intake {
    /// Partitions are somebody else's now: what of them is not begun is left to that one.
    pub fn on_revoked(&mut self, partitions: &[Partition]) {
        self.acknowledge();
        self.leave_to_others(|job| partitions.contains(&job.delivery.id.source.partition));
    }

    /// The feed is gone, and all that it has delivered will be delivered again.
    pub fn on_lost(&mut self) {
        self.leave_to_others(|_| true);
    }

    fn leave_to_others(&mut self, which: impl Fn(&Job) -> bool) {
        if !self.settles_itself() {
            // What a delivery has acknowledged nobody else will have.
            return;
        }
        let gone: Vec<_> =
            self.jobs.iter().filter(|(_, job)| which(job)).map(|(number, _)| number).collect();
        for number in gone {
            let Some(job) = self.jobs.get_mut(number) else { continue };
            job.is_overtaken = true;
            if matches!(job.stage, Stage::Queued | Stage::Ready | Stage::Resting) {
                self.counts.returned += 1;
                self.leave(number);
            }
        }
    }

    /// Gives back all that is not settled; what is being handled is to be stopped.
    pub fn give_back(&mut self) {
        self.acknowledge();
        self.lanes.clear();
        let all: Vec<_> = self.jobs.iter().map(|(number, _)| number).collect();
        for number in all {
            let is_lost = !self.settles_itself() || self.is_claimed(number);
            let Some(job) = self.jobs.get_mut(number) else { continue };
            if is_lost {
                self.counts.lost += 1;
                self.leave(number);
            } else if !matches!(job.stage, Stage::Settling(_)) {
                self.counts.returned += 1;
                job.stage = Stage::Settling(Settle::Requeue);
                self.settles.push_back((number, Settle::Requeue));
            }
        }
        self.running = 0;
        self.claimed.clear();
    }

    /// Whether it was acknowledged before it is handled, or may have been.
    fn is_claimed(&self, number: u64) -> bool {
        let stage = self.jobs.get(number).map(|job| &job.stage);
        let is_begun = matches!(stage, Some(Stage::Claiming | Stage::Running));
        self.config.ack == AckWhen::Before && is_begun
    }

    /// Somebody else has the first of a key, undone: those behind it must not be done before.
    pub(super) fn give_back_lane(&mut self, first: u64) {
        let lane = self.jobs.get(first).and_then(|job| job.lane.clone());
        let lane = lane.and_then(|key| self.lanes.get_mut(&key));
        let behind = lane.map(|lane| lane.split_off(1)).unwrap_or_default();
        for number in behind {
            let Some(job) = self.jobs.get_mut(number) else { continue };
            self.counts.returned += 1;
            job.stage = Stage::Settling(Settle::Requeue);
            self.settles.push_back((number, Settle::Requeue));
        }
    }
}
