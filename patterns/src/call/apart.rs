use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::EndpointKey;

/// Most copies of one call, the first included, as in gRPC.
pub const MOST_COPIES: usize = 5;

const NOWHERE: u64 = 0;

/// Where the copies of one call were sent, so that no two are sent to the same endpoint.
///
/// A second copy helps because it meets another server. Who sends copies puts one of these into
/// the attempt of all of them; the balancer inside takes it out, notes where it sends each copy,
/// and keeps the others away from there.
#[derive(Clone, Debug, Default)]
pub struct Apart(Arc<[AtomicU64; MOST_COPIES]>);

impl Apart {
    /// Copy number `copy` goes to an endpoint.
    ///
    /// # Panics
    ///
    /// When there is no copy of that number.
    pub fn goes_to(&self, copy: u8, endpoint: EndpointKey) {
        self.0[usize::from(copy)].store(endpoint.number() + 1, Ordering::Relaxed);
    }

    /// Whether another copy than number `copy` was sent anywhere.
    pub fn has_others(&self, copy: u8) -> bool {
        self.others(copy).next().is_some()
    }

    /// Whether another copy than number `copy` was sent to an endpoint.
    pub fn is_taken(&self, copy: u8, endpoint: EndpointKey) -> bool {
        self.others(copy).any(|other| other == endpoint)
    }

    /// Forgets all of it, for the copies of another call, unless somebody still knows this one.
    pub(crate) fn reset(&mut self) -> bool {
        let Some(places) = Arc::get_mut(&mut self.0) else { return false };
        *places = Default::default();
        true
    }

    fn others(&self, copy: u8) -> impl Iterator<Item = EndpointKey> {
        let places = self.0.iter().enumerate();
        let others = places.filter(move |(number, _)| *number != usize::from(copy));
        others.filter_map(|(_, place)| match place.load(Ordering::Relaxed) {
            NOWHERE => None,
            endpoint => Some(EndpointKey::new(endpoint - 1)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Apart;
    use crate::testing::key;

    #[test]
    fn a_copy_is_kept_away_from_the_others_and_not_from_itself() {
        let apart = Apart::default();
        assert!(!apart.has_others(0));
        apart.goes_to(0, key(0));
        assert!(!apart.has_others(0) && !apart.is_taken(0, key(0)));
        assert!(apart.clone().is_taken(1, key(0)) && !apart.is_taken(1, key(1)));
        apart.goes_to(0, key(2));
        assert!(
            apart.is_taken(1, key(2)) && !apart.is_taken(1, key(0)),
            "a copy that moved on left"
        );
    }

    #[test]
    fn it_is_used_again_only_when_nobody_else_knows_it() {
        let mut apart = Apart::default();
        apart.goes_to(0, key(2));
        let other = apart.clone();
        assert!(!apart.reset() && other.is_taken(1, key(2)));
        drop(other);
        assert!(apart.reset() && !apart.has_others(1));
    }
}
