/// Somebody else was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Conflict;
