use cascadia_patterns::store::KEPT_CHANGES;

/// Settings of a store on redb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedbConfig {
    /// How many commits may share one sync. With 1, each has its own.
    pub group: usize,
    /// Whether a commit syncs twice: what it has written, then the byte that makes it the newest. With
    /// one sync, a page that a disk has spoilt after a crash looks like one that was never written, and the
    /// commit is taken back in silence, though it was acknowledged. With two it is `Corrupt`.
    pub two_phase: bool,
    /// How many changes are kept.
    pub keep: u64,
    /// How many bytes of the file are held in memory.
    pub cache: usize,
}

impl Default for RedbConfig {
    fn default() -> Self {
        Self { group: 256, two_phase: true, keep: KEPT_CHANGES, cache: 64 << 20 }
    }
}
