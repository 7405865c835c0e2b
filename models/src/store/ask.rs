use std::sync::Arc;

use cascadia_patterns::messaging::Delivery;
use cascadia_patterns::messaging::inbox::InboxConfig;

use super::{Act, Errand, RowOf};
use crate::laws::Law;
use crate::published::PublishPlan;

/// What a request asks of a store.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// Which row.
    pub(crate) row: u64,
    /// The version that it is to have, or that it gets; 0 is that of a row that is not there.
    pub(crate) version: u64,
    /// What a transaction does.
    pub(crate) inside: Option<Arc<[Inside]>>,
    /// The message that it is done for, which is not to be done twice.
    pub(crate) once: Option<Once>,
    /// What is the same whenever it is asked again.
    pub(crate) again: u64,
    /// What is done with the table of the store in place of all that.
    pub(crate) errand: Option<Arc<Errand>>,
}

impl Ask {
    /// One that is about a row alone.
    pub(crate) const fn of(row: u64, version: u64) -> Self {
        Self { row, version, inside: None, once: None, again: 0, errand: None }
    }

    /// One that is about the table.
    pub(crate) fn errand(row: u64, errand: &Arc<Errand>) -> Self {
        Self { errand: Some(Arc::clone(errand)), ..Self::of(row, 0) }
    }
}

/// A message that is not to be done twice.
#[derive(Clone, Debug)]
pub(crate) struct Once {
    /// How it is known again.
    pub(crate) inbox: Arc<InboxConfig>,
    /// The message, without its body.
    pub(crate) delivery: Arc<Delivery>,
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
    /// A message is written to the outbox.
    Publish(PublishPlan),
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
    /// How the message that it is done for is known again, if nothing is to be done for it twice.
    pub once: Option<Arc<InboxConfig>>,
}
