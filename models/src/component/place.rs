use std::sync::atomic::{AtomicU64, Ordering};

use cascadia_runtime::Identity;
use cascadia_sim_core::NodeId;

use crate::ids::PlaceId;

/// Where somebody lives.
#[derive(Debug)]
pub struct Place {
    pub(crate) id: PlaceId,
    pub(crate) name: String,
    pub(crate) identity: Identity,
    pub(crate) node: NodeId,
    /// Lives that have ended here.
    lives: AtomicU64,
}

impl Place {
    pub(crate) fn new(id: PlaceId, name: String, identity: Identity, node: NodeId) -> Self {
        Self { id, name, identity, node, lives: AtomicU64::new(0) }
    }

    /// Its identity.
    pub const fn id(&self) -> PlaceId {
        self.id
    }

    /// Its name, such as `db/0`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which of the lives here goes on or comes next, from 0. What an earlier one left behind has no
    /// effect.
    #[inline]
    pub(crate) fn incarnation(&self) -> u64 {
        self.lives.load(Ordering::Relaxed)
    }

    /// A life has ended.
    pub(crate) fn end_life(&self) {
        self.lives.fetch_add(1, Ordering::Relaxed);
    }
}
