use std::collections::BTreeMap;

use cascadia_sim_core::Local;

use crate::component::PlaceId;

/// Which orders of an operator somebody was told, and who is still at each; nobody, where it is done.
#[derive(Default)]
pub(super) struct Orders(Local<BTreeMap<usize, Option<PlaceId>>>);

impl Orders {
    /// Whether a place is to see to an order, and nobody else.
    pub(super) fn tells(&self, order: usize, place: PlaceId) -> bool {
        let told = &mut *self.0.borrow_mut();
        let is_new = !told.contains_key(&order);
        told.entry(order).or_insert(Some(place));
        is_new
    }

    pub(super) fn is_done(&self, order: usize) {
        self.0.borrow_mut().insert(order, None);
    }

    /// Whoever begins to live next sees to what a place was at that has died.
    pub(super) fn dies(&self, place: PlaceId) {
        self.0.borrow_mut().retain(|_, by| *by != Some(place));
    }
}
