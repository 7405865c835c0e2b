use cascadia_patterns::saga::SagaId;

use super::hub::{Doubt, Hub};
use super::plan::TwoPhasePlan;
use crate::capture::{Suspect, Suspicion};
use crate::effects::Trouble;
use crate::saga::suspect::of_saga;

/// What is worth the closest look: what was done in part first, or what was in doubt for longest when that is longer than votes may
/// take.
pub(super) fn suspect(plan: &TwoPhasePlan, hub: &Hub) -> Option<Suspect> {
    let in_doubt = |Doubt { step, name, since }| {
        let noticed = since + plan.timeout;
        let at = since.as_secs_f64();
        let why = format!("{step} has voted for it at {at:.3} s, and nobody says what was decided");
        let begun = hub.witness.begun(&name);
        (noticed <= hub.looked()).then_some(Trouble { saga: name, why, begun, noticed })
    };
    let orphan = hub.witness.orphan().map(|orphan| (Suspicion::Orphan, orphan));
    let found = orphan.or_else(|| Some((Suspicion::Stuck, hub.doubt().and_then(in_doubt)?)));
    let found = found?;
    Some(of_saga((&plan.name, true), request_of(&found.1.saga), found))
}

/// The key of the request that something is done for, which its name begins with.
fn request_of(name: &SagaId) -> u64 {
    let key = name.as_str().split('/').next().unwrap_or_default();
    u64::from_str_radix(key, 16).unwrap_or_default()
}
