use std::fmt;
use std::time::Duration;

use cascadia_runtime::{Time, mix};

use super::DagorConfig;
use crate::call::{Layer, Reason, Rejection};

/// User levels within one priority.
const USERS: u32 = 128;
const HOUR: u64 = 3_600_000_000_000;

/// Admits by priority, down to a level that follows the wait.
///
/// A request has a place: its priority and, within it, a hash of its user and the hour. Requests of
/// one user thus share a fate, on every server that asks, and each hour it is another's turn to be
/// turned away. Places below the level are admitted.
#[derive(Debug)]
pub struct Dagor {
    config: DagorConfig,
    /// The first place that is not admitted.
    level: u32,
    window: Window,
    refused: f64,
    reported: f64,
}

struct Window {
    /// None before the first request.
    began: Option<Time>,
    requests: u32,
    admitted: u32,
    /// Requests at each place.
    places: Vec<u32>,
    waits: u32,
    waited: Duration,
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window")
            .field("began", &self.began)
            .field("requests", &self.requests)
            .field("admitted", &self.admitted)
            .field("waits", &self.waits)
            .field("waited", &self.waited)
            .finish_non_exhaustive()
    }
}

impl Dagor {
    /// Admits everybody.
    pub fn new(config: DagorConfig) -> Self {
        let level = u32::from(config.priorities) * USERS;
        let places = vec![0; level as usize];
        let waited = Duration::ZERO;
        let window = Window { began: None, requests: 0, admitted: 0, places, waits: 0, waited };
        Self { config, level, window, refused: 0.0, reported: 0.0 }
    }

    /// A request of this priority, where 0 is the most important, comes from a user.
    ///
    /// # Errors
    ///
    /// When there is overload and other requests matter more.
    pub fn on_call(&mut self, now: Time, priority: u8, user: u64) -> Result<(), Rejection> {
        self.on_time(now);
        let place = self.place(now, priority, user);
        let admitted = place < self.level;
        self.window.began.get_or_insert(now);
        self.window.requests += 1;
        self.window.admitted += u32::from(admitted);
        self.window.places[place as usize] += 1;
        if admitted {
            return Ok(());
        }
        Err(Rejection::new(Layer::SHED, Reason::OVERLOADED))
    }

    /// A request that was admitted has waited for `wait` in the queue.
    pub fn on_wait(&mut self, now: Time, wait: Duration) {
        self.on_time(now);
        self.window.waits += 1;
        self.window.waited += wait;
    }

    /// The share of requests that was refused in the last window, if it is another than when it was
    /// last asked for.
    pub fn poll_refused(&mut self) -> Option<f64> {
        let before = std::mem::replace(&mut self.reported, self.refused);
        (before != self.refused).then_some(self.refused)
    }

    fn place(&self, now: Time, priority: u8, user: u64) -> u32 {
        let priority = u16::from(priority).min(self.config.priorities - 1);
        let hour = now.as_nanos() / HOUR;
        u32::from(priority) * USERS + (mix(user, hour) % u64::from(USERS)) as u32
    }

    /// Ends the window if it is over.
    fn on_time(&mut self, now: Time) {
        let DagorConfig { window, window_requests, .. } = self.config;
        let Some(began) = self.window.began else { return };
        if now.since(began) < window && self.window.requests < window_requests {
            return;
        }
        self.level = self.next_level();
        let Window { requests, admitted, .. } = self.window;
        self.refused = f64::from(requests - admitted) / f64::from(requests);
        let mut places = std::mem::take(&mut self.window.places);
        places.fill(0);
        let waited = Duration::ZERO;
        self.window = Window { began: None, requests: 0, admitted: 0, places, waits: 0, waited };
    }

    /// The level below which the window held as many requests as shall be admitted.
    fn next_level(&self) -> u32 {
        let DagorConfig { target, shrink, grow, .. } = self.config;
        let Window { requests, admitted, places, waits, waited, .. } = &self.window;
        let overloaded = *waited > target.saturating_mul(*waits);
        let wanted = if overloaded {
            f64::from(*admitted) * (1.0 - shrink)
        } else {
            f64::from(*admitted) + f64::from(*requests) * grow
        };
        let mut below = 0;
        let exceeds = |count: &u32| {
            below += count;
            f64::from(below) > wanted
        };
        let level = places.iter().position(exceeds).unwrap_or(places.len()) as u32;
        if overloaded { level } else { level.max(self.next_used()) }
    }

    /// The level that admits one more place that was asked for. A hundredth of few requests is
    /// none, and a level that admits nobody would stay.
    fn next_used(&self) -> u32 {
        let refused = self.window.places.iter().skip(self.level as usize);
        let unused = refused.take_while(|count| **count == 0).count() as u32;
        (self.level + unused + 1).min(self.window.places.len() as u32)
    }
}
