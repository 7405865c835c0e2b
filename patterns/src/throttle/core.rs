use cascadia_runtime::{Stream, Time};
use std::fmt;

use super::ThrottleConfig;
use crate::call::{Layer, Reason, Rejection};

/// Requests and accepts of the last while, and the share that is refused.
///
/// - *Events*: [`on_call`](Self::on_call) gives a [`Sent`], which goes back in with
///   [`on_accepted`](Self::on_accepted) or [`on_abandoned`](Self::on_abandoned); a call that failed
///   needs no event, for it has been counted already.
/// - *Output*: [`poll_refused`](Self::poll_refused), the share that is refused, where a call finds
///   another one, at most once for each bucket.
pub struct Throttle {
    config: ThrottleConfig,
    width: u64,
    ring: Vec<Counts>,
    sum: Counts,
    newest: u64,
    /// The bucket in which the share was last told, and the share.
    told: (Option<u64>, f64),
    /// The share, where it is still to be told.
    changed: Option<f64>,
}

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttle")
            .field("config", &self.config)
            .field("requests", &self.sum.requests)
            .field("accepts", &self.sum.accepts)
            .finish_non_exhaustive()
    }
}

impl ThrottleConfig {
    /// Bytes that its buckets take up.
    pub fn bytes(&self) -> f64 {
        f64::from(self.buckets) * size_of::<Counts>() as f64
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    requests: u64,
    accepts: u64,
}

/// A request on its way, and the bucket that counts it.
#[derive(Debug)]
#[must_use = "it goes back with the outcome of its call"]
pub struct Sent(u64);

impl Throttle {
    /// A throttle that has seen nothing.
    pub fn new(config: ThrottleConfig) -> Self {
        let width = config.window.as_nanos() / u128::from(config.buckets);
        Self {
            config,
            width: u64::try_from(width).unwrap_or(u64::MAX),
            ring: vec![Counts::default(); usize::from(config.buckets)],
            sum: Counts::default(),
            newest: 0,
            told: (None, 0.0),
            changed: None,
        }
    }

    /// Counts a request, and sends or refuses it.
    ///
    /// # Errors
    ///
    /// The rejection.
    pub fn on_call(&mut self, now: Time, stream: &mut Stream) -> Result<Sent, Rejection> {
        let refused = self.refused(now);
        self.tell(refused);
        let bucket = self.newest;
        self.slot(bucket).requests += 1;
        self.sum.requests += 1;
        if refused > 0.0 && stream.unit() < refused {
            return Err(Rejection::new(Layer::THROTTLE, Reason::THROTTLED));
        }
        Ok(Sent(bucket))
    }

    /// A request did its work.
    pub fn on_accepted(&mut self, now: Time, _: Sent) {
        self.slide(now);
        self.slot(self.newest).accepts += 1;
        self.sum.accepts += 1;
    }

    /// A call was dropped, or its outcome says nothing: it never was.
    pub fn on_abandoned(&mut self, now: Time, Sent(bucket): Sent) {
        self.slide(now);
        if bucket + self.ring.len() as u64 > self.newest {
            self.slot(bucket).requests -= 1;
            self.sum.requests -= 1;
        }
    }

    /// The share of requests that is refused at `now`.
    pub fn refused(&mut self, now: Time) -> f64 {
        self.slide(now);
        let (requests, accepts) = (self.sum.requests as f64, self.sum.accepts as f64);
        if requests < self.config.min_per_second * self.config.window.as_secs_f64() {
            return 0.0;
        }
        let refused = (requests - self.config.k * accepts) / (requests + 1.0);
        refused.clamp(0.0, self.config.max_refused)
    }

    /// The share that the last call found, once, if none was told since the last bucket began and it
    /// has changed.
    pub fn poll_refused(&mut self) -> Option<f64> {
        self.changed.take()
    }

    /// Requests in the window, as of the last event.
    pub fn requests(&self) -> u64 {
        self.sum.requests
    }

    /// Accepts in the window, as of the last event.
    pub fn accepts(&self) -> u64 {
        self.sum.accepts
    }

    fn tell(&mut self, refused: f64) {
        if self.told.0 != Some(self.newest) {
            let changed = refused.total_cmp(&self.told.1).is_ne();
            self.changed = changed.then_some(refused);
            self.told = (Some(self.newest), refused);
        }
    }

    fn slot(&mut self, bucket: u64) -> &mut Counts {
        let length = self.ring.len() as u64;
        &mut self.ring[(bucket % length) as usize]
    }

    /// Empties the buckets that time has come round to.
    fn slide(&mut self, now: Time) {
        let newest = (now.as_nanos() / self.width).max(self.newest);
        let length = self.ring.len() as u64;
        let first = (self.newest + 1).max((newest + 1).saturating_sub(length));
        for bucket in first..=newest {
            let gone = std::mem::take(self.slot(bucket));
            self.sum.requests -= gone.requests;
            self.sum.accepts -= gone.accepts;
        }
        self.newest = newest;
    }
}
