use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::messaging::outbox::Added;
use cascadia_patterns::messaging::{Bytes, Message, MessageId, Topic};
use cascadia_sim_core::Local;

use super::book::Book;
use super::replica::Ledger;
use super::settings::BrokerPlan;
use super::witness::Witness;
use crate::component::Life;
use crate::ids::PlaceId;

/// What the places of a broker and its clients have in common: the plan, and what somebody sees who looks
/// at all of them at once.
pub(crate) struct Hub {
    pub(super) plan: Arc<BrokerPlan>,
    /// Who they are, once somebody has asked.
    places: Local<Option<Arc<[PlaceId]>>>,
    pub(super) witness: Local<Witness>,
    /// Messages in outboxes, which is where they are as long as no broker has them.
    pub(super) outgoing: Local<BTreeMap<MessageId, Pending>>,
    pub(super) ledger: Local<Ledger>,
    /// The requests to each topic, by who made them.
    pub(super) books: Local<Vec<Vec<Arc<Local<Book>>>>>,
}

/// A message in the outbox of a store.
pub(super) struct Pending {
    /// Where the outbox is.
    pub(super) of: PlaceId,
    pub(super) added: Added,
    pub(super) _body: Bytes,
}

impl Hub {
    pub(super) fn new(plan: &Arc<BrokerPlan>) -> Self {
        let witness = Local::new(Witness::new(plan));
        let books = Local::new(plan.topics.iter().map(|_| Vec::new()).collect());
        let (outgoing, ledger) = (Local::default(), Local::default());
        let places = Local::default();
        Self { plan: Arc::clone(plan), places, witness, outgoing, ledger, books }
    }

    /// The places of the broker, which neither come nor go. All who know them share one list.
    pub(super) fn places(&self, life: &Life) -> Arc<[PlaceId]> {
        let places = &mut *self.places.borrow_mut();
        Arc::clone(places.get_or_insert_with(|| life.find(&self.plan.name).into()))
    }

    /// The place of a group of consumers of a topic.
    pub(super) fn group(&self, topic: usize, name: &str) -> Option<usize> {
        self.plan.topics[topic].groups.iter().position(|group| group.name == name)
    }

    /// The ids of those of some messages that are in an outbox.
    pub(super) fn outgoing(&self, messages: &[Arc<Message>]) -> Vec<MessageId> {
        let outgoing = self.outgoing.borrow_mut();
        let ids = messages.iter().filter_map(|message| message.id.as_ref());
        ids.filter(|id| outgoing.contains_key(*id)).cloned().collect()
    }

    /// Some messages of an outbox are there no more, or as good as that.
    pub(super) fn gone(&self, ids: &[MessageId]) {
        let outgoing = &mut *self.outgoing.borrow_mut();
        ids.iter().for_each(|id| drop(outgoing.remove(id)));
    }

    /// Somebody will make requests to a topic, which are to be written there.
    pub(super) fn book(&self, topic: &Topic) -> Arc<Local<Book>> {
        let topic = self.plan.topic(topic).expect("topics of a plan are resolved");
        let book = Arc::<Local<Book>>::default();
        self.books.borrow_mut()[topic].push(Arc::clone(&book));
        book
    }
}
