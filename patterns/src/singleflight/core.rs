use std::collections::BTreeMap;
use std::fmt;

use cascadia_runtime::Time;

use super::SingleflightConfig;

/// The calls that others may join, by key. `F` is what the calls of a flight have in common.
///
/// - *Events*: [`on_call`](Self::on_call) says whether a call is made or joins one that is;
///   [`on_over`](Self::on_over) is due when a call that was made has ended, in whichever way.
pub struct Singleflight<F> {
    config: SingleflightConfig,
    /// The newest flight of each key.
    flights: BTreeMap<u64, Departed<F>>,
    next: u64,
}

struct Departed<F> {
    number: u64,
    at: Time,
    flight: F,
}

/// What becomes of a call: the number of its flight, and the flight.
#[derive(Debug)]
pub enum Boarding<F> {
    /// It is made.
    Departs(u64, F),
    /// It waits for one that is under way.
    Joins(u64, F),
}

impl<F> fmt::Debug for Singleflight<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Singleflight")
            .field("config", &self.config)
            .field("flights", &self.flights.len())
            .finish_non_exhaustive()
    }
}

impl<F: Clone> Singleflight<F> {
    /// Nothing is under way.
    pub fn new(config: SingleflightConfig) -> Self {
        Self { config, flights: BTreeMap::new(), next: 0 }
    }

    /// A call for `key` comes at `now`; if it is made, `depart` makes its flight.
    pub fn on_call(&mut self, now: Time, key: u64, depart: impl FnOnce() -> F) -> Boarding<F> {
        if let Some(departed) = self.flights.get(&key)
            && now.since(departed.at) < self.config.max_age
        {
            return Boarding::Joins(departed.number, departed.flight.clone());
        }
        let (number, flight) = (self.next, depart());
        self.next += 1;
        self.flights.insert(key, Departed { number, at: now, flight: flight.clone() });
        Boarding::Departs(number, flight)
    }

    /// The flight `number` of `key` is over: nobody joins it any more. It may have been replaced by
    /// another long ago, and may be told to be over more than once.
    pub fn on_over(&mut self, key: u64, number: u64) {
        if self.flights.get(&key).is_some_and(|departed| departed.number == number) {
            self.flights.remove(&key);
        }
    }

    /// How many keys there are for which a call can be joined, unless it is too old.
    pub fn flights(&self) -> usize {
        self.flights.len()
    }
}
