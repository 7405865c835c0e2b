use crate::laws::Law;

/// How a disk is built.
///
/// What is not given is as a server of today has it. A sync takes 2 ms, and one in a hundred more than
/// 10 ms: what etcd asks of a disk (its hardware page: 500 syncs one after the other in a second, and
/// 99 % of them in less than 10 ms). A read is one of an SSD, and a write a copy into the memory of
/// the kernel.
#[derive(Clone, Debug, PartialEq)]
pub struct DiskPlan {
    /// How many bytes it holds.
    pub size: u64,
    /// How long a read takes.
    pub read: Law,
    /// How long a write takes. It is there for every reader then, and may still be lost.
    pub write: Law,
    /// How long it takes to keep what was written.
    pub sync: Law,
    /// How many bytes it reads or writes in a second, on top of that.
    pub bandwidth: Option<u64>,
}

impl Default for DiskPlan {
    fn default() -> Self {
        Self {
            size: 1 << 34,
            read: Law::Constant(100_000.0),
            write: Law::Constant(10_000.0),
            // ln 5 / 2.326, so that five times the median is the quantile of 99 %.
            sync: Law::LogNormal { median: 2_000_000.0, sigma: 0.691_8 },
            bandwidth: None,
        }
    }
}
