use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cascadia_patterns::saga::SagaId;
use cascadia_runtime::{Draw, Time};
use cascadia_sim_core::Local;
use tokio::sync::Notify;

use super::id::request_of;
use super::plan::SagaPlan;
use crate::component::PlaceId;
use crate::draws::Purpose;

/// When something happens outside, to which saga it is told, and what it is.
pub(super) type Due = (Time, SagaId, Arc<str>);

/// What happens outside, and is told to whoever is there: where nobody is, it is told later.
#[derive(Default)]
pub(super) struct Signals {
    state: Local<State>,
    pub(super) news: Notify,
}

#[derive(Default)]
struct State {
    due: BTreeSet<Due>,
    /// What somebody was told, and has not passed on.
    told: BTreeMap<PlaceId, BTreeSet<Due>>,
}

impl Signals {
    /// A saga begins, which waits for some of it.
    pub(super) fn begins(&self, plan: &SagaPlan, saga: &SagaId, now: Time) {
        for (number, step) in (0..).zip(plan.definition.steps()) {
            let Some(signal) = plan.signals.get(&step.name) else { continue };
            let mut draw = Draw::new(request_of(saga), Purpose::Signal(number).tag(), 0);
            if draw.unit() < signal.share {
                let at = now.after(signal.after.sample(&mut draw));
                self.state.borrow_mut().due.insert((at, saga.clone(), Arc::clone(&step.name)));
            }
        }
        self.news.notify_waiters();
    }

    /// Somebody has died, and with it what it was told.
    pub(super) fn dies(&self, place: PlaceId) {
        let state = &mut *self.state.borrow_mut();
        state.due.extend(state.told.remove(&place).unwrap_or_default());
        self.news.notify_waiters();
    }

    /// What has happened until now, and is told to a place; or when something will.
    pub(super) fn tell(&self, place: PlaceId, now: Time) -> Result<Due, Option<Time>> {
        let state = &mut *self.state.borrow_mut();
        match state.due.first() {
            Some((at, ..)) if *at <= now => {
                let due = state.due.pop_first().ok_or(None)?;
                state.told.entry(place).or_default().insert(due.clone());
                Ok(due)
            }
            next => Err(next.map(|(at, ..)| *at)),
        }
    }

    pub(super) fn passed_on(&self, place: PlaceId, due: &Due) {
        if let Some(told) = self.state.borrow_mut().told.get_mut(&place) {
            told.remove(due);
        }
    }
}
