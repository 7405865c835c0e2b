use std::any::Any;
use std::sync::Arc;

use super::book;
use super::hub::Hub;
use super::node::Node;
use super::reading::Reading;
use super::settings::BrokerPlan;
use super::spot::Spot;
use super::witness::{ROWS, figures};
use crate::capture::{Dissector, Suspect};
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

    /// The topics that requests are made to, by their positions.
    fn requested(&self) -> impl Iterator<Item = usize> {
        let topics = self.0.topics.iter().enumerate();
        topics.filter_map(|(topic, plan)| plan.is_requested.then_some(topic))
    }

    /// What the requests to a topic are called.
    fn requests(&self, topic: usize) -> String {
        format!("{}.{} requests", self.0.name, self.0.topics[topic].name)
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
        let requests = |topic| Part { name: self.requests(topic), rows: book::ROWS };
        self.groups().map(part).chain(self.requested().map(requests)).collect()
    }

    fn part(&self, common: &Arc<dyn Any + Send + Sync>, part: usize, now: Time, rows: &mut Rows) {
        if let Some(of) = self.groups().nth(part) {
            return figures(&mut hub(common).witness.borrow_mut(), now, of, rows);
        }
        if let Some(topic) = self.requested().nth(part - self.groups().count()) {
            book::figures(&hub(common).books.borrow_mut()[topic], now, rows);
        }
    }

    fn remarks(&self, common: &Arc<dyn Any + Send + Sync>, part: usize) -> Vec<String> {
        let of = self.groups().nth(part);
        of.map(|of| hub(common).witness.borrow_mut().remarks(of)).unwrap_or_default()
    }

    fn suspect(&self, common: &Arc<dyn Any + Send + Sync>) -> Option<Suspect> {
        hub(common).witness.borrow_mut().suspect(&self.0)
    }

    fn dissector(
        &self,
        common: &Arc<dyn Any + Send + Sync>,
        suspect: &Suspect,
    ) -> Option<Box<dyn Dissector>> {
        let (topic, number) = suspect.message;
        Some(Box::new(Reading::new(hub(common), Spot { topic, number })))
    }

    fn laws(&self, common: &Arc<dyn Any + Send + Sync>) -> Vec<Invariant> {
        let hub = hub(common);
        let mut laws = hub.witness.borrow_mut().laws(&self.0);
        let books = hub.books.borrow_mut();
        laws.extend(self.requested().map(|topic| book::law(&self.requests(topic), &books[topic])));
        laws
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        Arc::new(Node::new(&self.0))
    }
}
