use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use cascadia_sim_core::Local;

use crate::component::PlaceId;

/// Which orders of an operator somebody was told, and who is still at each; nobody, where it is done.
#[derive(Default)]
pub(super) struct Orders(Local<BTreeMap<usize, Option<PlaceId>>>);

impl Orders {
    /// Whether a place is to see to an order, and nobody else.
    pub(super) fn tells(&self, order: usize, place: PlaceId) -> bool {
        match self.0.borrow_mut().entry(order) {
            Entry::Vacant(new) => {
                new.insert(Some(place));
                true
            }
            Entry::Occupied(_) => false,
        }
    }

    pub(super) fn is_done(&self, order: usize) {
        self.0.borrow_mut().insert(order, None);
    }

    /// Whoever begins to live next sees to what a place was at that has died.
    pub(super) fn dies(&self, place: PlaceId) {
        self.0.borrow_mut().retain(|_, by| *by != Some(place));
    }
}
