use std::sync::Arc;

use super::{Act, RowOf};
use crate::laws::Law;

/// What a request asks of a store.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// Which row.
    pub(crate) row: u64,
    /// The version that it is to have, or that it gets; 0 is that of a row that is not there.
    pub(crate) version: u64,
    /// What a transaction does.
    pub(crate) inside: Option<Arc<[Inside]>>,
}

/// What is done inside of a transaction.
#[derive(Clone, Debug)]
pub enum Inside {
    /// A row is read.
    Read(RowOf),
    /// A row is written, and kept from others to the end.
    Write(RowOf),
    /// Work that the transaction waits for.
    Work(Law),
}

/// What a step asks of a store.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is done.
    pub act: Act,
    /// To which row.
    pub row: RowOf,
    /// What is done inside, if that is a transaction.
    pub inside: Option<Arc<[Inside]>>,
}
