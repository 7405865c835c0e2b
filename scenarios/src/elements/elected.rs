use std::time;

use cascadia_models::plan::{DiskPlan, ElectedPlan};
use cascadia_patterns::raft::RaftConfig;

use crate::decode::{object, settings};
use crate::units::Duration;

object! {
    /// How replicas elect who leads, by Raft. The times are those of its paper, if not given, and a
    /// heartbeat is a third of the shortest timeout.
    pub(crate) struct Elected {
        /// How long a replica hears nothing of a leader before it stands for election. A leader that
        /// has heard of no majority for the longest such time leads no more.
        election_timeout: ElectionTimeout => "150ms to 300ms",
        /// How often a leader tells that it is there.
        heartbeat: Duration = RaftConfig::default().heartbeat,
        /// Entries in one message, of which four are under way to a replica at most.
        max_entries: u32 = RaftConfig::default().max_entries,
        /// The disk of each replica.
        disk: DiskPlan => "all defaults",
    }
}

/// Between what each wait is drawn.
#[derive(Debug)]
pub(crate) struct ElectionTimeout {
    min: time::Duration,
    max: time::Duration,
}

settings! {
    /// Between what each wait is drawn, evenly.
    "ElectionTimeout" for ElectionTimeout {
        /// The shortest.
        min: Duration,
        /// The longest.
        max: Duration,
    }
}

impl Default for ElectionTimeout {
    fn default() -> Self {
        let RaftConfig { election_timeout_min: min, election_timeout_max: max, .. } =
            RaftConfig::default();
        Self { min, max }
    }
}

impl Elected {
    pub(super) fn plan(self) -> ElectedPlan {
        let Self { election_timeout: ElectionTimeout { min, max }, .. } = self;
        let raft = RaftConfig {
            election_timeout_min: min,
            election_timeout_max: max,
            heartbeat: self.heartbeat,
            max_entries: self.max_entries,
        };
        ElectedPlan { raft, disk: self.disk }
    }
}
