use cascadia_runtime::Identity;
use cascadia_sim_core::NodeId;

use crate::ids::PlaceId;

/// Where somebody lives.
#[derive(Clone, Debug)]
pub struct Place {
    pub(crate) id: PlaceId,
    pub(crate) name: String,
    pub(crate) identity: Identity,
    pub(crate) node: NodeId,
}

impl Place {
    /// Its identity.
    pub const fn id(&self) -> PlaceId {
        self.id
    }

    /// Its name, such as `db/0`.
    pub fn name(&self) -> &str {
        &self.name
    }
}
