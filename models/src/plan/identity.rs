//! Who is who in a plan. Streams are drawn by these, so that what somebody draws hangs on nobody
//! else's being there.

use cascadia_runtime::Identity;

use super::{FaultPlan, Plan};
use crate::ids::{Instance, LoadId, ServiceId, StackId};

impl Plan {
    pub(crate) fn load_identity(&self, load: LoadId) -> Identity {
        Identity::new("load").name(&self.loads[load.0 as usize].name)
    }

    pub(crate) fn place_identity(&self, Instance { service, replica }: Instance) -> Identity {
        Identity::new("place").name(self.name(service)).number(replica.into())
    }

    /// The way of `from` to a service through a stack.
    pub(crate) fn way_identity(
        &self,
        from: Identity,
        service: ServiceId,
        stack: Option<StackId>,
    ) -> Identity {
        let way = from.name("way").name(self.name(service));
        match stack {
            Some(stack) => way.name(&self.stacks[stack.0 as usize].name),
            None => way.number(0),
        }
    }
}

impl FaultPlan {
    pub(crate) fn identity(&self) -> Identity {
        Identity::new("fault").name(&self.name)
    }
}
