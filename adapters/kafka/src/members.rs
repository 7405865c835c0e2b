use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use cascadia_brokers::Stations;
use cascadia_patterns::messaging::{BrokerError, Group};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};

use crate::error::{is_fenced, unknown};
use crate::seat::Seat;
use crate::watching::Watcher;

/// A member and the client by which it is one.
pub(crate) struct Member {
    pub(crate) seat: Arc<Seat>,
    pub(crate) consumer: BaseConsumer<Watcher>,
    committing: Mutex<()>,
}

impl Member {
    pub(crate) const fn new(seat: Arc<Seat>, consumer: BaseConsumer<Watcher>) -> Self {
        Self { seat, consumer, committing: Mutex::new(()) }
    }

    /// Commits what is done. One that waits for another to commit finds its own done, perhaps. Whether it still has a say.
    pub(crate) fn commit(&self) -> Result<bool, BrokerError> {
        let _committing = self.committing.lock().unwrap_or_else(PoisonError::into_inner);
        let places = self.seat.places();
        if places.is_empty() {
            return Ok(true);
        }
        match self.consumer.commit(&self.seat.list(&places), CommitMode::Sync) {
            Ok(()) => {
                self.seat.committed(&places);
                Ok(true)
            }
            Err(error) if error.rdkafka_error_code().is_some_and(is_fenced) => Ok(false),
            Err(error) => Err(unknown(error)),
        }
    }
}

/// Those who are here, by the term of their deliveries.
#[derive(Default)]
pub(crate) struct Members {
    pub(crate) stations: Stations<u32>,
    here: Mutex<BTreeMap<u64, Weak<Member>>>,
}

impl std::fmt::Debug for Members {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Members").field("stations", &self.stations).finish_non_exhaustive()
    }
}

impl Members {
    fn here(&self) -> MutexGuard<'_, BTreeMap<u64, Weak<Member>>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, member: &Arc<Member>) {
        let mut here = self.here();
        here.retain(|_, member| member.strong_count() > 0);
        here.insert(member.seat.station.term(), Arc::downgrade(member));
    }

    pub(crate) fn find(&self, term: u64) -> Option<Arc<Member>> {
        self.here().get(&term).and_then(Weak::upgrade)
    }

    /// Those of a group.
    pub(crate) fn of(&self, group: &Group) -> Vec<Arc<Member>> {
        let here = self.here();
        let all = here.values().filter_map(Weak::upgrade);
        all.filter(|member| member.seat.group == *group).collect()
    }
}
