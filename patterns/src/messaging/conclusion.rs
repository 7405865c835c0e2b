use super::delivery::DeliveryId;
use super::identity::ProducerIdentity;

/// How a transaction ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// All that was published in it is committed, and all of these are acknowledged with it, or nothing is
    /// where one of them cannot be any more.
    Commit(Vec<DeliveryId>),
    /// Nothing of it has happened.
    Abort,
}

/// A transaction that is to end: it began with the first transactional batch of its producer, or with this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// Whose it is.
    pub producer: ProducerIdentity,
    /// How it ends.
    pub end: End,
}
