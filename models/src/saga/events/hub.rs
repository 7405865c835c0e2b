use std::fmt;
use std::sync::Arc;

use cascadia_patterns::saga::SagaId;
use cascadia_patterns::saga::choreography::{Event, Happened, Score, Trace};
use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::saga::state::Phase;
use cascadia_patterns::store::MemoryStore;
use cascadia_runtime::{Time, Wall};
use cascadia_sim_core::Local;

use crate::effects::Witness;
use crate::saga::table::CHANGES;

/// What those who begin sagas have in common: the rows of their store, what was heard of each saga, and who knows everything.
pub(crate) struct Hub {
    pub(super) rows: MemoryStore,
    pub(crate) witness: Arc<Witness>,
    trace: Local<Trace>,
    /// When it was looked at last.
    looked: Local<Time>,
    score: Score,
}

impl Hub {
    pub(super) fn new(score: &Score) -> Self {
        let witness = Arc::new(Witness::of(score.definition()));
        let (trace, score) = (Local::new(Trace::new(score.clone())), score.clone());
        let (rows, looked) = (MemoryStore::keeping(CHANGES), Local::default());
        Self { rows, witness, trace, looked, score }
    }

    /// An event was heard. How its saga has ended, if it has.
    pub(super) fn heard(&self, event: &Event, now: Time) -> Option<Phase> {
        let mut trace = self.trace.borrow_mut();
        trace.on_event(event, wall(now));
        let phase = trace.phase(&event.saga).filter(|phase| phase.is_end())?;
        let is_completed = phase == Phase::Completed;
        let sight = if is_completed { Sight::Completed } else { Sight::Compensated };
        self.witness.saw(event.saga.clone(), sight, now);
        Some(phase)
    }

    /// The sagas of which nothing was heard for so long, and which have not ended.
    pub(super) fn silent(&self, now: Time, after: std::time::Duration) -> Vec<SagaId> {
        self.trace.borrow_mut().silent(wall(now), after).cloned().collect()
    }

    /// It is looked at how all stand.
    pub(super) fn looks(&self, now: Time) {
        *self.looked.borrow_mut() = now;
    }

    /// When it was looked at last.
    pub(super) fn looked(&self) -> Time {
        *self.looked.borrow_mut()
    }

    /// What was heard of one last.
    pub(super) fn last(&self, saga: &SagaId) -> String {
        let trace = self.trace.borrow_mut();
        let Some(last) = trace.last(saga) else { return "nothing was heard of it".to_owned() };
        let (step, what) = match last {
            Happened::Begun => return "all that was heard of it is that it has begun".to_owned(),
            Happened::Done(step) => (step, "done"),
            Happened::Refused(step, _) => (step, "refused"),
            Happened::Undone(step) => (step, "undone"),
        };
        let name = &self.score.definition().steps()[*step as usize].name;
        format!("the last that was heard of it is that {name} was {what}")
    }

    /// Those that have gone where the score does not lead.
    pub(super) fn astray(&self) -> Vec<SagaId> {
        self.trace.borrow_mut().astray().cloned().collect()
    }
}

/// What is heard is told apart by the one clock that nobody sets.
fn wall(now: Time) -> Wall {
    Wall::EPOCH + now.since(Time::ZERO)
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hub")
    }
}
