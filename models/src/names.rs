//! What the parts of a plan are called where people read of them, in longer names that are put
//! together: `users/3 → db retry`. Lanes and results are shown under these, so each of them must
//! stand for one thing only, whatever services, policies and loads are called.

use crate::plan::{LoadId, Plan, ServiceId, StackId};
use crate::words::word;

/// The names of the parts of a plan, as words.
pub(crate) struct Names {
    groups: Vec<String>,
    stacks: Vec<String>,
    loads: Vec<String>,
}

impl Names {
    pub(crate) fn of(plan: &Plan) -> Self {
        let group = |id| word(plan.name(id)).into_owned();
        let load = |name: &str| {
            // The clients of a load and the replicas of a service are numbered alike.
            let shared = plan.groups().any(|id| plan.name(id) == name);
            if shared { format!("load {name:?}") } else { word(name).into_owned() }
        };
        Self {
            groups: plan.groups().map(group).collect(),
            stacks: plan.stacks.iter().map(|stack| word(&stack.name).into_owned()).collect(),
            loads: plan.loads.iter().map(|plan| load(&plan.name)).collect(),
        }
    }

    pub(crate) fn group(&self, id: ServiceId) -> &str {
        &self.groups[id.0 as usize]
    }

    pub(crate) fn stack(&self, id: Option<StackId>) -> &str {
        id.map_or("", |id| &self.stacks[id.0 as usize])
    }

    pub(crate) fn load(&self, id: LoadId) -> &str {
        &self.loads[id.0 as usize]
    }
}
