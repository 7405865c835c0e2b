use std::sync::Arc;

use cascadia_patterns::messaging::Topic;
use cascadia_sim_core::Local;

use super::book::Book;
use super::replica::Ledger;
use super::settings::BrokerPlan;
use super::witness::Witness;

/// What the places of a broker and its clients have in common: the plan, and what somebody sees who looks
/// at all of them at once.
pub(crate) struct Hub {
    pub(super) plan: Arc<BrokerPlan>,
    pub(super) witness: Local<Witness>,
    pub(super) ledger: Local<Ledger>,
    /// The requests to each topic, by who made them.
    pub(super) books: Local<Vec<Vec<Arc<Local<Book>>>>>,
}

impl Hub {
    pub(super) fn new(plan: &Arc<BrokerPlan>) -> Self {
        let witness = Local::new(Witness::new(plan));
        let books = Local::new(plan.topics.iter().map(|_| Vec::new()).collect());
        Self { plan: Arc::clone(plan), witness, ledger: Local::default(), books }
    }

    /// The place of a group of consumers of a topic.
    pub(super) fn group(&self, topic: usize, name: &str) -> Option<usize> {
        self.plan.topics[topic].groups.iter().position(|group| group.name == name)
    }

    /// Somebody will make requests to a topic, which are to be written there.
    pub(super) fn book(&self, topic: &Topic) -> Arc<Local<Book>> {
        let topic = self.plan.topic(topic).expect("topics of a plan are resolved");
        let book = Arc::<Local<Book>>::default();
        self.books.borrow_mut()[topic].push(Arc::clone(&book));
        book
    }
}
