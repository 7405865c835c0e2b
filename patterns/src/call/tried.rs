use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::EndpointKey;

/// Places that are remembered; one more takes that of the oldest.
const MOST: usize = 8;

const NOWHERE: u64 = 0;

/// Where a call has been tried, so that another try meets another endpoint.
///
/// Trying again helps little at the endpoint that has just failed, and the least loaded endpoint is
/// often the one that fails at once. Who retries puts one of these into the attempt; the balancer
/// inside takes it out, notes where it sends each try, and prefers the others: the previous hosts
/// of Envoy.
#[derive(Clone, Debug, Default)]
pub struct Tried(Arc<Places>);

#[derive(Debug, Default)]
struct Places {
    count: AtomicU32,
    places: [AtomicU64; MOST],
}

impl Tried {
    /// A try goes to an endpoint.
    pub fn goes_to(&self, endpoint: EndpointKey) {
        let count = self.0.count.fetch_add(1, Ordering::Relaxed);
        self.0.places[count as usize % MOST].store(endpoint.number() + 1, Ordering::Relaxed);
    }

    /// Whether there was no try yet.
    pub fn is_empty(&self) -> bool {
        self.0.count.load(Ordering::Relaxed) == 0
    }

    /// Whether one of the last tries went to an endpoint.
    pub fn contains(&self, endpoint: EndpointKey) -> bool {
        let place = endpoint.number() + 1;
        self.0.places.iter().any(|other| other.load(Ordering::Relaxed) == place)
    }

    /// Where the last try went.
    pub fn last(&self) -> Option<EndpointKey> {
        let last = self.0.count.load(Ordering::Relaxed).checked_sub(1)? as usize % MOST;
        match self.0.places[last].load(Ordering::Relaxed) {
            NOWHERE => None,
            place => Some(EndpointKey::new(place - 1)),
        }
    }

    /// Forgets all of it, for the tries of another call, unless somebody still knows this one.
    pub(crate) fn reset(&mut self) -> bool {
        let Some(places) = Arc::get_mut(&mut self.0) else { return false };
        if *places.count.get_mut() > 0 {
            *places = Places::default();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::key;

    #[test]
    fn it_knows_the_last_tries_and_which_was_the_last() {
        let tried = Tried::default();
        assert!(tried.is_empty() && !tried.contains(key(0)) && tried.last().is_none());
        let most = MOST as u64;
        (0..=most).for_each(|endpoint| tried.clone().goes_to(key(endpoint)));
        assert_eq!(tried.last(), Some(key(most)));
        assert!(
            !tried.contains(key(0)) && (1..=most).all(|endpoint| tried.contains(key(endpoint)))
        );
    }

    #[test]
    fn it_is_used_again_only_when_nobody_else_knows_it() {
        let mut tried = Tried::default();
        tried.goes_to(key(2));
        let other = tried.clone();
        assert!(!tried.reset() && other.contains(key(2)));
        drop(other);
        assert!(tried.reset() && tried.is_empty() && !tried.contains(key(2)));
    }
}
