use cascadia_models::plan::DiskPlan;

use crate::decode::settings;
use crate::diagnostics::{Diagnostic, Report};
use crate::laws::Law;
use crate::text::Node;

settings! {
    /// The disk of each component of a kind that keeps something, or of each replica of a store.
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

/// Reports a disk that is none.
pub(crate) fn check_disk(disk: &DiskPlan, node: &Node, report: &mut Report) {
    if disk.bandwidth == Some(0) {
        let span = node.span_of("bytes_per_second");
        let diagnostic = Diagnostic::error("S030", "a disk that moves nothing is no disk");
        report.push(diagnostic.at(span, "zero").help("leave it out, or write how many"));
    }
}
