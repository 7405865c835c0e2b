use std::time::Duration;

use cascadia_runtime::Time;

use crate::config::{ConfigError, is_share, require};

/// When a consumer stops because nearly nothing that it does goes well.
///
/// A consumer whose database is gone fails every message that it gets, as fast as it gets them, until
/// all of them are dead letters. Stopped, it leaves them where they are.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `least` | messages | 100 | MassTransit `ActivationThreshold` |
/// | `share` | share of them | 0.1 | MassTransit `TripThreshold` |
/// | `window` | time | 60 s | MassTransit `TrackingPeriod` |
/// | `stop` | time | 60 s | MassTransit `RestartTimeout` |
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KillSwitchConfig {
    /// It judges by no fewer messages.
    pub least: u32,
    /// The share of faults at which it stops.
    pub share: f64,
    /// How long messages count: it begins to count anew after that.
    pub window: Duration,
    /// How long the consumer stands still.
    pub stop: Duration,
}

impl Default for KillSwitchConfig {
    fn default() -> Self {
        let minute = Duration::from_secs(60);
        Self { least: 100, share: 0.1, window: minute, stop: minute }
    }
}

impl KillSwitchConfig {
    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// Where it could never stop, or never go on.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.least >= 1, "kill_switch.least", "must be at least 1")?;
        require(is_share(self.share), "kill_switch.share", "must be above 0 and at most 1")?;
        require(!self.window.is_zero(), "kill_switch.window", "must be longer than 0")?;
        require(!self.stop.is_zero(), "kill_switch.stop", "must be longer than 0")
    }
}

/// Counts what goes wrong, and says when to stand still.
#[derive(Clone, Debug)]
pub struct KillSwitch {
    config: KillSwitchConfig,
    began: Time,
    all: u32,
    faults: u32,
    until: Time,
}

impl KillSwitch {
    /// One that has seen nothing.
    pub fn new(config: KillSwitchConfig) -> Self {
        Self { config, began: Time::ZERO, all: 0, faults: 0, until: Time::ZERO }
    }

    /// A message was done, or not. Whether that was the one too many.
    pub fn on_end(&mut self, now: Time, is_fault: bool) -> bool {
        if self.is_stopped(now) {
            return false;
        }
        if now.since(self.began) >= self.config.window {
            (self.began, self.all, self.faults) = (now, 0, 0);
        }
        self.all += 1;
        self.faults += u32::from(is_fault);
        let is_much = f64::from(self.faults) >= self.config.share * f64::from(self.all);
        let trips = is_fault && is_much && self.all >= self.config.least;
        if trips {
            self.until = now + self.config.stop;
            (self.began, self.all, self.faults) = (self.until, 0, 0);
        }
        trips
    }

    /// Whether nothing is to be begun.
    pub fn is_stopped(&self, now: Time) -> bool {
        now < self.until
    }

    /// When it goes on, if it stands still.
    pub fn until(&self) -> Time {
        self.until
    }
}
