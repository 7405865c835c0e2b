use std::collections::{BTreeMap, BTreeSet};

use crate::messaging::delivery::Source;
use crate::messaging::identity::ProducerIdentity;
use crate::messaging::ids::{Offset, Partition};

/// How a transaction ends: when this is durable, it has, whatever happens to those who carry it out.
///
/// It can be carried out any number of times: a transaction that has ended in a partition does not end again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whose transaction.
    pub producer: ProducerIdentity,
    /// Whether it is committed.
    pub commit: bool,
    /// Where it has published something.
    pub partitions: BTreeSet<Partition>,
    /// What is acknowledged with it.
    pub acks: BTreeMap<Source, Vec<Offset>>,
}

/// What is to be done when a transaction is to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: it has ended so already.
    Already,
    /// This is to be made durable, then carried out, and then [`TransactionCore::on_ended`](super::TransactionCore::on_ended)
    /// is due.
    Decided(Decision),
}
