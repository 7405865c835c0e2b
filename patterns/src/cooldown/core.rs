use cascadia_runtime::Time;

use super::CooldownConfig;
use crate::call::{Layer, Reason, Rejection};

/// The failures of the last while, by key.
///
/// - *Events*: [`on_call`](Self::on_call) refuses a call or lets it pass, and
///   [`on_failure`](Self::on_failure) is due when one that passed has failed. Other ends of calls are
///   no events: they end no pause and begin none.
#[derive(Debug)]
pub struct Cooldown {
    config: CooldownConfig,
    reason: Reason,
    /// In the order of their keys; those that are over stay until room is needed.
    pauses: Vec<Pause>,
}

#[derive(Clone, Copy, Debug)]
struct Pause {
    key: u64,
    until: Time,
}

impl Cooldown {
    /// Nothing has failed, and all calls will come with the same key.
    pub fn new(config: CooldownConfig) -> Self {
        Self { config, reason: Reason::COOLING, pauses: Vec::new() }
    }

    /// Nothing has failed, and what rests is a key and not all that is called.
    pub fn keyed(config: CooldownConfig) -> Self {
        Self { reason: Reason::KEY_COOLING, ..Self::new(config) }
    }

    /// A call for `key` comes at `now`.
    ///
    /// # Errors
    ///
    /// The rejection, with the rest of the pause.
    pub fn on_call(&self, now: Time, key: u64) -> Result<(), Rejection> {
        let Some(until) = self.until(now, key) else { return Ok(()) };
        let rejection = Rejection::new(Layer::COOLDOWN, self.reason);
        Err(rejection.until(Some(until.since(now))))
    }

    /// A call for `key` has failed.
    pub fn on_failure(&mut self, now: Time, key: u64) {
        let until = now + self.config.pause;
        match self.find(key) {
            Ok(place) => self.pauses[place].until = until.max(self.pauses[place].until),
            Err(_) => self.insert(Pause { key, until }),
        }
    }

    /// When calls for `key` are sent again, if they are not at `now`.
    pub fn until(&self, now: Time, key: u64) -> Option<Time> {
        let pause = self.pauses[self.find(key).ok()?];
        (now < pause.until).then_some(pause.until)
    }

    /// How many keys nothing is sent for at `now`.
    pub fn resting(&self, now: Time) -> usize {
        self.pauses.iter().filter(|pause| now < pause.until).count()
    }

    fn find(&self, key: u64) -> Result<usize, usize> {
        self.pauses.binary_search_by_key(&key, |pause| pause.key)
    }

    fn insert(&mut self, pause: Pause) {
        if self.pauses.len() >= self.config.max_keys as usize {
            self.make_room();
        }
        let place = self.pauses.partition_point(|other| other.key < pause.key);
        self.pauses.insert(place, pause);
    }

    /// Forgets the pause that ends first, which is one that is over if there is such a one.
    fn make_room(&mut self) {
        let first = self.pauses.iter().enumerate().min_by_key(|(_, pause)| pause.until);
        if let Some((place, _)) = first {
            self.pauses.remove(place);
        }
    }
}
