use crate::component::{Parcel, Sent};

/// Something to be sent.
pub(super) struct Post {
    pub(super) key: u64,
    pub(super) message: Box<dyn Parcel>,
    pub(super) sent: Sent,
    /// Over which of the connections that follow each other.
    pub(super) epoch: u64,
    /// What was sent before it there.
    pub(super) number: u64,
}

impl Post {
    pub(super) fn new(key: u64, message: Box<dyn Parcel>, sent: Sent) -> Self {
        Self { key, message, sent, epoch: 0, number: 0 }
    }
}
