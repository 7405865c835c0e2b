use cascadia_runtime::{Time, Wall};

/// The moment of an event, by both clocks: waiting goes by the one, what is written down by the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// For what ends with the process: how long a delivery may take.
    pub time: Time,
    /// For what outlives it: when a message came, how long it is kept.
    pub wall: Wall,
}

impl Now {
    /// When the other clock will be at `wall`, if none is set meanwhile.
    pub fn time_of(self, wall: Wall) -> Time {
        self.time + wall.since(self.wall)
    }

    /// When the other clock will be where this one is at `time`.
    pub fn wall_of(self, time: Time) -> Wall {
        self.wall + time.since(self.time)
    }
}
