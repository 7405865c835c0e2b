use super::hub::Hub;
use super::plan::EventsPlan;
use crate::capture::{Suspect, Suspicion};
use crate::effects::Trouble;
use crate::saga::id::request_of;
use crate::saga::suspect::of_saga;

/// The saga that is worth the closest look: the first orphan, or one that stands still.
pub(super) fn suspect(plan: &EventsPlan, hub: &Hub) -> Option<Suspect> {
    let still = || {
        let now = hub.looked();
        let saga = hub.silent(now, plan.silence).into_iter().next()?;
        let (why, begun) = (hub.last(&saga), hub.witness.begun(&saga));
        let why = format!("it stands still: {why}");
        Some((Suspicion::Stuck, Trouble { saga, why, begun, noticed: now }))
    };
    let orphan = hub.witness.orphan().map(|orphan| (Suspicion::Orphan, orphan));
    let found = orphan.or_else(still)?;
    Some(of_saga((&plan.name, plan.once), request_of(&found.1.saga), found))
}
