use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::VegasConfig;
use super::estimator::{Answer, Estimator, Sample};

/// Keeps the queue between α and β calls. The queue is what the limit holds beyond what the
/// latency without load explains.
#[derive(Debug)]
pub(super) struct Vegas {
    config: VegasConfig,
    limit: f64,
    /// The latency without load; none before the first call.
    no_load: Option<Duration>,
    /// Calls since that was last measured anew.
    since_probe: u32,
    /// The share of the interval between two measurements, drawn for each; from 0.5 to 1.
    spread: Option<f64>,
}

impl Vegas {
    pub(super) fn new(config: VegasConfig) -> Self {
        let limit = f64::from(config.initial);
        Self { config, limit, no_load: None, since_probe: 0, spread: None }
    }

    fn probes(&mut self, stream: &mut Stream) -> bool {
        self.since_probe += 1;
        let spread = *self.spread.get_or_insert_with(|| draw(stream));
        let due = spread * f64::from(self.config.probe) * self.limit;
        if due > f64::from(self.since_probe) {
            return false;
        }
        self.spread = Some(draw(stream));
        self.since_probe = 0;
        true
    }

    fn stepped(&self, sample: &Sample, no_load: Duration) -> f64 {
        let limit = self.limit;
        let log = log10(limit);
        if f64::from(sample.in_flight) * 2.0 < limit {
            return limit;
        }
        let ratio = no_load.as_nanos() as f64 / sample.rtt.as_nanos().max(1) as f64;
        let queue = (limit * (1.0 - ratio)).ceil();
        if queue <= log {
            limit + 6.0 * log
        } else if queue < 3.0 * log {
            limit + log
        } else if queue > 6.0 * log {
            limit - log
        } else {
            limit
        }
    }

    fn step(&mut self, to: f64) {
        let VegasConfig { max, smoothing, .. } = self.config;
        let to = to.clamp(1.0, f64::from(max));
        self.limit = (1.0 - smoothing) * self.limit + smoothing * to;
    }
}

fn draw(stream: &mut Stream) -> f64 {
    0.5 + stream.unit() / 2.0
}

/// The whole part of the decimal logarithm, and at least 1.
fn log10(limit: f64) -> f64 {
    f64::from((limit as u32).checked_ilog10().unwrap_or(0).max(1))
}

impl Estimator for Vegas {
    fn on_sample(&mut self, _: Time, sample: &Sample, stream: &mut Stream) {
        if sample.answer != Answer::Ok {
            return self.step(self.limit - log10(self.limit));
        }
        let probes = self.probes(stream);
        match self.no_load.filter(|least| !probes && sample.rtt >= *least) {
            Some(no_load) => self.step(self.stepped(sample, no_load)),
            None => self.no_load = Some(sample.rtt),
        }
    }

    fn limit(&self) -> u32 {
        self.limit as u32
    }
}
