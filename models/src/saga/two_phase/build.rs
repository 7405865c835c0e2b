use std::any::Any;
use std::sync::Arc;

use cascadia_runtime::Time;

use super::hub::Hub;
use super::place::Place as Coordinator;
use super::plan::TwoPhasePlan;
use super::reading::Reading;
use super::suspect::suspect;
use crate::capture::{Dissector, Suspect};
use crate::component::{Build, Component, Invariant, Part, Place, Row, Rows, Tries};
use crate::saga::build::{ENDS, ends};
use crate::saga::judge::laws;

/// Builds the places where it is decided what several services do together.
#[derive(Clone, Debug)]
pub struct TwoPhase(pub Arc<TwoPhasePlan>);

const ROWS: &[Row] = &[Row::count("asked", "Requests for something to be done together.")];

const LOCKS: &[Row] = &[
    Row::count("locked", "Asks that ran into what another transaction has locked."),
    Row::level("in_doubt", "Branches that have voted yes and do not know what was decided."),
    Row::age("held", "How long the oldest of these has kept its locks."),
];

fn hub(common: &Arc<dyn Any + Send + Sync>) -> Arc<Hub> {
    Arc::clone(common).downcast().unwrap_or_else(|_| unreachable!("coordinators have a hub"))
}

impl Build for TwoPhase {
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
        vec![
            Part { name: format!("{name} sagas"), rows: ENDS },
            Part { name: format!("{name} locks"), rows: LOCKS },
        ]
    }

    fn part(&self, common: &Arc<dyn Any + Send + Sync>, part: usize, now: Time, rows: &mut Rows) {
        let hub = hub(common);
        if part == 0 {
            return ends(hub.tally(), rows);
        }
        let (in_doubt, since, locked) = hub.figures(now);
        rows.add("locked", locked);
        rows.add("in_doubt", in_doubt);
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
        Some(Box::new(Reading::new(hub(common), suspect.message.1)))
    }

    fn laws(&self, common: &Arc<dyn Any + Send + Sync>) -> Vec<Invariant> {
        let hub = hub(common);
        let twice = hub.witness.repeated();
        let told = format!("{twice} branches were committed twice");
        let seen = (&*hub.witness, hub.tally());
        laws(&self.0.name, seen, true, [("once-at-most", twice, told)])
    }

    fn build(&self, place: &Arc<Place>) -> Arc<dyn Component> {
        Arc::new(Coordinator::new(&self.0, place.name()))
    }
}
