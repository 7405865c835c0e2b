//! Names of longer things are put together from those of the plan: `users/3 → db retry`. Each of
//! them must stand for one thing only, whatever services, policies and loads are called, as streams,
//! lanes and results are told apart by them.

use crate::plan::{LoadPlan, Plan};
use crate::words::word;

/// Makes a word of every name of `plan`.
pub(crate) fn make_words(plan: &mut Plan) {
    for LoadPlan { name, .. } in &mut plan.loads {
        // The clients of a load and the replicas of a service are numbered alike.
        let mut services = plan.services.iter().map(|service| &service.name);
        let mut components = plan.components.iter().map(|component| &component.name);
        let shared = services.any(|other| other == name) || components.any(|other| other == name);
        *name = if shared { format!("load {name:?}") } else { word(name).into_owned() };
    }
    let services = plan.services.iter_mut().map(|service| &mut service.name);
    let components = plan.components.iter_mut().map(|component| &mut component.name);
    let stacks = plan.stacks.iter_mut().map(|stack| &mut stack.name);
    for name in services.chain(components).chain(stacks) {
        *name = word(name).into_owned();
    }
}
