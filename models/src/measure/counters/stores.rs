use crate::store::Told;

/// What a store has been asked, and what came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreCounts {
    /// Reads that were answered.
    pub reads: u64,
    /// Those of them that missed a write which was acknowledged before they began.
    pub stale: u64,
    /// Writes that were acknowledged.
    pub writes: u64,
    /// Writes that were refused because somebody else had written before.
    pub conflicts: u64,
    /// Rows that have lost what was acknowledged.
    pub lost: u64,
    /// Times that a replica was elected to lead.
    pub elections: u64,
}

impl StoreCounts {
    pub(crate) fn add(&mut self, told: Told) {
        match told {
            Told::Read { is_stale } => {
                self.reads += 1;
                self.stale += u64::from(is_stale);
            }
            Told::Written => self.writes += 1,
            Told::Conflict => self.conflicts += 1,
            Told::Lost(rows) => self.lost += rows,
            Told::Elected => self.elections += 1,
        }
    }

    /// What came between `earlier` and this.
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            reads: self.reads - earlier.reads,
            stale: self.stale - earlier.stale,
            writes: self.writes - earlier.writes,
            conflicts: self.conflicts - earlier.conflicts,
            lost: self.lost - earlier.lost,
            elections: self.elections - earlier.elections,
        }
    }

    /// The share of reads that missed an acknowledged write.
    pub fn stale_share(&self) -> Option<f64> {
        (self.reads > 0).then(|| self.stale as f64 / self.reads as f64)
    }

    /// The share of writes that were refused because somebody else had written before.
    pub fn conflict_share(&self) -> Option<f64> {
        let tried = self.writes + self.conflicts;
        (tried > 0).then(|| self.conflicts as f64 / tried as f64)
    }
}
