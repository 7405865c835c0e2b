use cascadia_patterns::raft::RaftConfig;

use crate::disk::DiskPlan;

/// How the replicas of a store elect who leads, and on what each keeps its log.
#[derive(Clone, Debug, Default)]
pub struct ElectedPlan {
    /// How long they wait for each other, and how much they send at once.
    pub raft: RaftConfig,
    /// The disk of each.
    pub disk: DiskPlan,
}
