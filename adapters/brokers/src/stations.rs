use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use cascadia_patterns::messaging::{DeliveryId, Partition, Source, Subscription, Topic};

use crate::station::Station;

/// The stations of all feeds of a client.
#[derive(Debug)]
pub struct Stations<H> {
    next: AtomicU64,
    open: Mutex<BTreeMap<u64, Weak<Station<H>>>>,
}

impl<H> Default for Stations<H> {
    fn default() -> Self {
        Self { next: AtomicU64::new(1), open: Mutex::default() }
    }
}

impl<H: Clone> Stations<H> {
    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, Weak<Station<H>>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One for a subscription to a topic, under a number of its own.
    pub fn open_one(&self, topic: Topic, subscription: &Subscription) -> Arc<Station<H>> {
        let term = self.next.fetch_add(1, Ordering::Relaxed);
        let source =
            Source { partition: Partition::from(topic), group: subscription.group.clone() };
        let station = Arc::new(Station::new(term, source, subscription));
        let mut open = self.open();
        open.retain(|_, station| station.strong_count() > 0);
        open.insert(term, Arc::downgrade(&station));
        station
    }

    /// The station that a delivery is of, if it is open.
    pub fn find(&self, id: &DeliveryId) -> Option<Arc<Station<H>>> {
        self.open().get(&id.token.term).and_then(Weak::upgrade)
    }
}
