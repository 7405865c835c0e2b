use cascadia_patterns::messaging::Fed;
use cascadia_patterns::messaging::partition::ConsumerId;

/// What leaves for each consumer. It is filled and emptied with each event.
#[derive(Default)]
pub(super) struct Leaving {
    all: Vec<(ConsumerId, Fed)>,
    /// How much leaves for each consumer, in the order of these.
    counts: Vec<(ConsumerId, usize)>,
}

impl Leaving {
    /// Something leaves for a consumer.
    pub(super) fn add(&mut self, to: ConsumerId, fed: Fed) {
        match place(&self.counts, to) {
            Ok(place) => self.counts[place].1 += 1,
            Err(place) => self.counts.insert(place, (to, 1)),
        }
        self.all.push((to, fed));
    }

    /// Takes everything out, in the order of the consumers.
    pub(super) fn drain(&mut self) -> Vec<(ConsumerId, Vec<Fed>)> {
        let Self { all, counts } = self;
        let room = |(to, count): &(_, usize)| (*to, Vec::with_capacity(*count));
        let mut sorted: Vec<_> = counts.iter().map(room).collect();
        for (to, fed) in all.drain(..) {
            if let Ok(place) = place(counts, to) {
                sorted[place].1.push(fed);
            }
        }
        counts.clear();
        sorted
    }
}

fn place(counts: &[(ConsumerId, usize)], of: ConsumerId) -> Result<usize, usize> {
    counts.binary_search_by_key(&of, |(consumer, _)| *consumer)
}
