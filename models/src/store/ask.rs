/// What a request asks of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Which row.
    pub(crate) row: u64,
    /// The version that it is to have, or that it gets; 0 is that of a row that is not there.
    pub(crate) version: u64,
}
