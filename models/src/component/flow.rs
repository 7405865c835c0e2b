use super::Invariant;

/// What has become of what somebody sent on its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flow {
    pub(crate) sent: u64,
    /// Messages that came, and requests that were answered with success.
    pub(crate) arrived: u64,
    pub(crate) failed: u64,
    /// Under way at the end of the run, or of the life of who sent it.
    pub(crate) open: u64,
}

impl Flow {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            sent: self.sent + other.sent,
            arrived: self.arrived + other.arrived,
            failed: self.failed + other.failed,
            open: self.open + other.open,
        }
    }

    /// Everything that was sent has come to one end.
    pub(crate) fn conservation(self, name: &str) -> Invariant {
        let Self { sent, arrived, failed, open } = self;
        Invariant {
            name: format!("flow-conservation {name}"),
            passed: sent == arrived + failed + open,
            detail: format!("{sent} sent, {arrived} arrived, {failed} failed, {open} under way"),
        }
    }
}
