use cascadia_runtime::Time;

use crate::ids::ServiceId;

/// The work on a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Work {
    /// When it was done.
    pub(crate) at: Time,
    /// Which work it is: another try of its message is other work. It is 0 where no message asks for it.
    pub(crate) key: u64,
    /// Who has done it, if who asks has an epoch.
    pub(crate) by: Option<ServiceId>,
}
