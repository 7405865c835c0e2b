use cascadia_runtime::Time;

/// The work on a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Work {
    /// When it was done.
    pub(crate) at: Time,
    /// Which work it is: another try of its message is other work. It is 0 where no message asks for it.
    pub(crate) key: u64,
}
