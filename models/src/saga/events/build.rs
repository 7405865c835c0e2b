use std::any::Any;
use std::sync::Arc;

use cascadia_runtime::Time;

use super::front::Front;
use super::hub::Hub;
use super::plan::EventsPlan;
use super::reading::Reading;
use super::suspect::suspect;
use crate::capture::{Dissector, Suspect};
use crate::component::{Build, Component, Invariant, Part, Place, Row, Rows};
use crate::effects::Tally;
use crate::saga::build::{ENDS, ends};
use crate::saga::id::id_of;
use crate::saga::judge::laws;

/// Builds the places where sagas are begun that go by events.
#[derive(Clone, Debug)]
pub struct Events(pub Arc<EventsPlan>);

const ROWS: &[Row] = &[
    Row::count("begun", "Sagas that were begun here."),
    Row::count("heard", "Events of sagas that were heard here."),
];

fn hub(common: &Arc<dyn Any + Send + Sync>) -> Arc<Hub> {
    Arc::clone(common).downcast().unwrap_or_else(|_| unreachable!("sagas have a hub in common"))
}

impl Build for Events {
    fn is_safe(&self) -> bool {
        true
    }

    fn common(&self) -> Arc<dyn Any + Send + Sync> {
        Arc::new(Hub::new(&self.0.score))
    }

    fn rows(&self) -> &'static [Row] {
        ROWS
    }

    fn parts(&self) -> Vec<Part> {
        vec![Part { name: format!("{} sagas", self.0.name), rows: ENDS }]
    }

    fn part(&self, common: &Arc<dyn Any + Send + Sync>, _: usize, now: Time, rows: &mut Rows) {
        let hub = hub(common);
        hub.looks(now);
        let tally = hub.witness.tally();
        let stuck = hub.silent(now, self.0.silence).len() as u64;
        let running = tally.running.saturating_sub(stuck);
        let compensating = tally.compensating.min(running);
        ends(Tally { running, compensating, stuck, ..tally }, rows);
    }

    fn remarks(&self, common: &Arc<dyn Any + Send + Sync>, _: usize) -> Vec<String> {
        let hub = hub(common);
        let silent = hub.silent(Time::MAX, self.0.silence);
        let stuck = silent.first().map(|id| format!("saga {id} stands still: {}", hub.last(id)));
        hub.witness.remarks().into_iter().chain(stuck).collect()
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
        Some(Box::new(Reading::new(hub(common), &self.0.score, saga)))
    }

    fn through(&self) -> Option<&str> {
        Some(&self.0.broker)
    }

    fn laws(&self, common: &Arc<dyn Any + Send + Sync>) -> Vec<Invariant> {
        let hub = hub(common);
        let astray = hub.astray();
        let first = astray.first().map(|id| format!("; the first is {id}")).unwrap_or_default();
        let told = format!("{} went where nothing leads{first}", astray.len());
        let seen = (&*hub.witness, hub.witness.tally());
        laws(&self.0.name, seen, self.0.once, [("one-way", astray.len() as u64, told)])
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        Arc::new(Front::new(&self.0))
    }
}
