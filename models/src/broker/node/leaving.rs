use cascadia_patterns::messaging::Fed;
use cascadia_patterns::messaging::partition::ConsumerId;

/// What leaves for each consumer, in the order of these. It is filled and emptied with each event.
#[derive(Default)]
pub(super) struct Leaving(Vec<(ConsumerId, Vec<Fed>)>);

impl Leaving {
    /// Something leaves for a consumer.
    pub(super) fn add(&mut self, to: ConsumerId, fed: Fed) {
        let place = match self.0.binary_search_by_key(&to, |(consumer, _)| *consumer) {
            Ok(place) => place,
            Err(place) => {
                self.0.insert(place, (to, Vec::with_capacity(1)));
                place
            }
        };
        self.0[place].1.push(fed);
    }

    /// Takes everything out.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = (ConsumerId, Vec<Fed>)> {
        self.0.drain(..)
    }
}
