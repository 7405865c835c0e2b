use std::any::Any;
use std::sync::Arc;

use cascadia_runtime::Time;

use super::hub::Hub;
use super::id::id_of;
use super::judge::{laws, locks_of_live, one_epoch};
use super::place;
use super::plan::SagaPlan;
use super::reading::Reading;
use super::suspect::suspect;
use crate::capture::{Dissector, Suspect};
use crate::component::{Build, Component, Invariant, Part, Place, Row, Rows, Tries};
use crate::effects::{Holdings, Tally};

/// Builds the places where sagas are orchestrated.
#[derive(Clone, Debug)]
pub struct Sagas(pub Arc<SagaPlan>);

const ROWS: &[Row] = &[
    Row::count("commands", "Commands that were sent to whoever does the steps."),
    Row::count("retries", "Commands that were no first attempts."),
    Row::count(
        "taken_over",
        "Sagas that were taken over from somebody else or from an earlier life.",
    ),
];

const LOCKS: &[Row] = &[
    Row::count("locked", "Commands that ran into the lock of another saga."),
    Row::level("locks", "Things that sagas have locked."),
    Row::age("held", "How long the oldest of these locks was held."),
];

pub(super) const ENDS: &[Row] = &[
    Row::count("started", "Sagas that were begun."),
    Row::level("running", "Sagas that have not ended."),
    Row::level("compensating", "Of these, sagas of which something was taken back."),
    Row::count("completed", "Sagas that have done every step."),
    Row::count("compensated", "Sagas that have gone back."),
    Row::level("stuck", "Sagas that cannot go back, and wait for an operator."),
    Row::level("orphans", "Sagas that have ended, of which an effect is left over, or missing."),
];

/// The figures of how sagas stand.
pub(super) fn ends(tally: Tally, rows: &mut Rows) {
    let Tally { started, running, compensating, completed, compensated, stuck, orphans } = tally;
    rows.add("started", started);
    rows.add("running", running);
    rows.add("compensating", compensating);
    rows.add("completed", completed);
    rows.add("compensated", compensated);
    rows.add("stuck", stuck);
    rows.add("orphans", orphans);
}

fn hub(common: &Arc<dyn Any + Send + Sync>) -> Arc<Hub> {
    Arc::clone(common).downcast().unwrap_or_else(|_| unreachable!("sagas have a hub in common"))
}

impl Build for Sagas {
    fn is_safe(&self) -> bool {
        true
    }

    fn common(&self) -> Arc<dyn Any + Send + Sync> {
        Arc::new(Hub::new(&self.0))
    }

    fn tries(&self, common: &Arc<dyn Any + Send + Sync>) -> Option<Arc<dyn Tries>> {
        Some(hub(common))
    }

    fn rows(&self) -> &'static [Row] {
        ROWS
    }

    fn parts(&self) -> Vec<Part> {
        let name = &self.0.name;
        let locks = Part { name: format!("{name} locks"), rows: LOCKS };
        let ends = Part { name: format!("{name} sagas"), rows: ENDS };
        std::iter::once(ends).chain(self.0.locks().then_some(locks)).collect()
    }

    fn part(&self, common: &Arc<dyn Any + Send + Sync>, part: usize, now: Time, rows: &mut Rows) {
        let witness = &hub(common).witness;
        if part == 0 {
            return ends(witness.tally(), rows);
        }
        let Holdings { met, locks, since } = witness.holdings();
        rows.add("locked", met);
        rows.add("locks", locks);
        rows.add("held", since.map_or(0, |since| now.nanos_since(since)));
    }

    fn remarks(&self, common: &Arc<dyn Any + Send + Sync>, part: usize) -> Vec<String> {
        if part == 0 { hub(common).witness.remarks() } else { Vec::new() }
    }

    fn suspect(&self, common: &Arc<dyn Any + Send + Sync>) -> Option<Suspect> {
        suspect(&self.0, &hub(common))
    }

    fn dissector(
        &self,
        common: &Arc<dyn Any + Send + Sync>,
        suspect: &Suspect,
    ) -> Option<Box<dyn Dissector>> {
        let saga = id_of(suspect.message.1);
        Some(Box::new(Reading::new(&hub(common).witness, saga)))
    }

    fn laws(&self, common: &Arc<dyn Any + Send + Sync>) -> Vec<Invariant> {
        let witness = &hub(common).witness;
        let locks = self.0.locks().then(|| locks_of_live(witness));
        let own = std::iter::once(one_epoch(witness)).chain(locks);
        laws(&self.0.name, (witness, witness.tally()), self.0.once, own)
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        Arc::new(place::Place::new(&self.0))
    }
}
