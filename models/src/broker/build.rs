use std::any::Any;
use std::sync::Arc;

use super::hub::Hub;
use super::node::Node;
use super::settings::BrokerPlan;
use super::witness::{ROWS, figures};
use crate::component::{Build, Component, Invariant, Part, Place, Row, Rows};
use cascadia_runtime::Time;

/// Builds the places of a broker.
#[derive(Clone, Debug)]
pub struct Broker(pub Arc<BrokerPlan>);

impl Broker {
    /// The groups of all topics, with the positions of both.
    fn groups(&self) -> impl Iterator<Item = (usize, usize)> {
        let topics = self.0.topics.iter().enumerate();
        topics.flat_map(|(topic, plan)| (0..plan.groups.len()).map(move |group| (topic, group)))
    }
}

fn hub(common: &Arc<dyn Any + Send + Sync>) -> Arc<Hub> {
    Arc::clone(common).downcast().unwrap_or_else(|_| unreachable!("a broker has a hub in common"))
}

impl Build for Broker {
    fn keeps(&self) -> bool {
        true
    }

    fn common(&self) -> Arc<dyn Any + Send + Sync> {
        Arc::new(Hub::new(&self.0))
    }

    fn rows(&self) -> &'static [Row] {
        const { &[Row::count("syncs", "How often the disks were synced.")] }
    }

    fn parts(&self) -> Vec<Part> {
        let part = |(topic, group): (usize, usize)| {
            let topic = &self.0.topics[topic];
            let name = format!("{}.{} {}", self.0.name, topic.name, topic.groups[group].name);
            Part { name, rows: ROWS }
        };
        self.groups().map(part).collect()
    }

    fn part(&self, common: &Arc<dyn Any + Send + Sync>, part: usize, now: Time, rows: &mut Rows) {
        if let Some(of) = self.groups().nth(part) {
            figures(&mut hub(common).witness.borrow_mut(), now, of, rows);
        }
    }

    fn remarks(&self, common: &Arc<dyn Any + Send + Sync>, part: usize) -> Vec<String> {
        let of = self.groups().nth(part);
        of.map(|of| hub(common).witness.borrow_mut().remarks(of)).unwrap_or_default()
    }

    fn laws(&self, common: &Arc<dyn Any + Send + Sync>) -> Vec<Invariant> {
        hub(common).witness.borrow_mut().laws(&self.0)
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        Arc::new(Node::new(&self.0))
    }
}
