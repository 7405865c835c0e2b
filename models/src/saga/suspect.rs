use std::sync::Arc;

use cascadia_patterns::saga::SagaId;
use cascadia_patterns::saga::orchestrator::{Cast, log};
use cascadia_patterns::store::Store;
use futures::FutureExt as _;

use super::hub::Hub;
use super::id::request_of;
use super::plan::SagaPlan;
use crate::capture::{Suspect, Suspicion};
use crate::effects::Trouble;

/// Of a longer log so many lines are kept, half of them the first.
const LINES: usize = 80;

/// The saga that is worth the closest look: the first orphan, or the first that is stuck.
pub(super) fn suspect(plan: &SagaPlan, hub: &Hub) -> Option<Suspect> {
    let orphan = hub.witness.orphan().map(|orphan| (Suspicion::Orphan, orphan));
    let found = orphan.or_else(|| Some((Suspicion::Stuck, hub.witness.stuck()?)));
    let (suspicion, trouble) = found?;
    let (request, story) = (request_of(&trouble.saga), story(plan, hub, &trouble.saga));
    Some(Suspect { story, ..of_saga((&plan.name, plan.once), request, (suspicion, trouble)) })
}

/// A saga that a request has asked for, without its log. It breaks a law where its steps are all done once and it is an orphan
/// all the same.
pub(super) fn of_saga(
    (name, once): (&str, bool),
    request: u64,
    (suspicion, trouble): (Suspicion, Trouble),
) -> Suspect {
    Suspect {
        message: (0, request),
        of: format!("{name} sagas"),
        suspicion,
        breaks: once && suspicion == Suspicion::Orphan,
        published: trouble.begun,
        noticed: trouble.noticed,
        text: trouble.why,
        story: Vec::new(),
    }
}

/// The log of a saga, line by line.
fn story(plan: &SagaPlan, hub: &Hub, saga: &SagaId) -> Vec<String> {
    let store: Arc<dyn Store> = Arc::new(hub.rows.clone());
    let cast = Cast::new().definition(Arc::clone(&plan.definition));
    // These rows are in memory, so nothing is waited for.
    let Some(Ok(log)) = log(&store, &plan.config, &cast, saga).now_or_never() else {
        return Vec::new();
    };
    let mut lines: Vec<String> = log.to_string().lines().map(str::to_owned).collect();
    let more = lines.len().saturating_sub(LINES);
    if more > 0 {
        lines.splice(LINES / 2..LINES / 2 + more, [format!("… {more} more lines")]);
    }
    lines
}
