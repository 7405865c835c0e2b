use cascadia_models::plan::DiskPlan;

use crate::decode::settings;
use crate::laws::Law;

settings! {
    /// The disk of each component of a kind that keeps something.
    "Disk" for DiskPlan {
        /// How many bytes it holds.
        size as "size_bytes": u64,
        /// How long a read takes.
        read: Law,
        /// How long a write takes; it may still be lost then.
        write: Law,
        /// How long it takes to keep what was written.
        sync: Law => "a median of 2ms, and 1% over 10ms",
        /// How many bytes it reads or writes in a second, on top of that.
        bandwidth as "bytes_per_second": Option<u64> => "as many as there are",
    }
}
