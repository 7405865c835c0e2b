use std::time::Duration;

use cascadia_runtime::Time;

use super::CodelConfig;

/// Tells a queue that stands from one that only holds a burst: by the shortest wait in an interval.
#[derive(Debug)]
pub struct Codel {
    config: CodelConfig,
    /// The shortest wait of this interval; none before the first.
    shortest: Option<Duration>,
    until: Time,
    overloaded: bool,
}

impl Codel {
    /// Before the first wait.
    pub fn new(config: CodelConfig) -> Self {
        Self { config, shortest: None, until: Time::ZERO, overloaded: false }
    }

    /// Somebody has waited for `wait`. Returns whether he is to be shed.
    pub fn on_wait(&mut self, now: Time, wait: Duration) -> bool {
        let CodelConfig { target, interval } = self.config;
        match &mut self.shortest {
            Some(shortest) if now <= self.until => {
                *shortest = wait.min(*shortest);
                return self.overloaded && wait > target * 2;
            }
            Some(shortest) => self.overloaded = *shortest > target,
            None => {}
        }
        // The first of an interval is not shed: one alone tells nothing.
        self.shortest = Some(wait);
        self.until = now + interval;
        false
    }

    /// Whether everybody waited too long throughout the last interval.
    pub fn is_overloaded(&self) -> bool {
        self.overloaded
    }
}
