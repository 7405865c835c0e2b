use std::collections::VecDeque;

/// Partitions that something has happened to, each once and in their order.
///
/// Mostly there is one, for which a tree would take memory and give it back each time.
#[derive(Default)]
pub(super) struct Touched(VecDeque<usize>);

impl Touched {
    pub(super) fn insert(&mut self, at: usize) {
        if let Err(place) = self.0.binary_search(&at) {
            self.0.insert(place, at);
        }
    }

    pub(super) fn pop_first(&mut self) -> Option<usize> {
        self.0.pop_front()
    }
}
