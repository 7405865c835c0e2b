use cascadia_runtime::Time;

/// A level and its integral over time, in level × nanoseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gauge {
    level: u64,
    since: Time,
    integral: u128,
}

impl Gauge {
    pub(super) fn set(&mut self, now: Time, level: u64) {
        self.integral = self.integral(now);
        self.since = now;
        self.level = level;
    }

    pub(super) fn add(&mut self, now: Time, by: u64) {
        self.set(now, self.level + by);
    }

    pub(super) fn subtract(&mut self, now: Time, by: u64) {
        self.set(now, self.level - by);
    }

    /// The level now.
    pub(super) const fn level(&self) -> u64 {
        self.level
    }

    /// The integral from the beginning to `now`.
    pub(super) fn integral(&self, now: Time) -> u128 {
        self.integral + u128::from(self.level) * u128::from(now.nanos_since(self.since))
    }
}
