use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::park_timeout;
use std::time::Duration;

use cascadia_brokers::Stations;
use cascadia_patterns::messaging::{BrokerError, Group};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::error::RDKafkaErrorCode;
use tokio::time::Instant;

use crate::error::{is_fenced, unavailable, unknown};
use crate::seat::Seat;
use crate::watching::Watcher;

/// How long is waited until something is said again that a group was not ready for.
const AGAIN: Duration = Duration::from_millis(50);

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
        let (round, end) = (self.seat.round(), Instant::now() + self.seat.patience);
        loop {
            let error = match self.consumer.commit(&self.seat.list(&places), CommitMode::Sync) {
                Ok(()) => {
                    self.seat.committed(&places);
                    return Ok(true);
                }
                Err(error) => error,
            };
            match error.rdkafka_error_code() {
                Some(code) if is_fenced(code) => return Ok(false),
                // Who goes on with what it has may say so when the group is ready again.
                Some(RDKafkaErrorCode::RebalanceInProgress) if self.seat.round() != round => {
                    return Ok(false);
                }
                Some(RDKafkaErrorCode::RebalanceInProgress) if Instant::now() < end => {
                    park_timeout(AGAIN);
                }
                Some(RDKafkaErrorCode::RebalanceInProgress) => return Err(unavailable(error)),
                _ => return Err(unknown(error)),
            }
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
