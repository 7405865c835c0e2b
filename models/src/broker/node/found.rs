/// Where the partitions are that a place keeps, by the positions of their topics and by their numbers.
#[derive(Default)]
pub(super) struct Found(Vec<Vec<Option<usize>>>);

impl Found {
    pub(super) fn insert(&mut self, (topic, number): (usize, u32), at: usize) {
        self.0.resize_with(self.0.len().max(topic + 1), Vec::new);
        let partitions = &mut self.0[topic];
        partitions.resize(partitions.len().max(number as usize + 1), None);
        partitions[number as usize] = Some(at);
    }

    pub(super) fn get(&self, (topic, number): (usize, u32)) -> Option<usize> {
        *self.0.get(topic)?.get(number as usize)?
    }

    /// All of a topic, in the order of their numbers.
    pub(super) fn of(&self, topic: usize) -> impl Iterator<Item = usize> {
        self.0.get(topic).into_iter().flatten().flatten().copied()
    }
}
