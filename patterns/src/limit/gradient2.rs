use cascadia_runtime::{Stream, Time};

use super::Gradient2Config;
use super::estimator::{Answer, Estimator, Sample};

/// Calls that the average of the past begins with, all weighing the same.
const WARM_UP: u32 = 10;

/// Moves the limit by the ratio of the latency of the past to that of now.
#[derive(Debug)]
pub(super) struct Gradient2 {
    config: Gradient2Config,
    limit: f64,
    past: Average,
}

impl Gradient2 {
    pub(super) fn new(config: Gradient2Config) -> Self {
        let past = Average { calls: 0, value: 0.0, window: config.long_window };
        Self { config, limit: f64::from(config.initial), past }
    }

    /// What the limit is multiplied by; nothing where the limit does not matter.
    fn gradient(&mut self, sample: &Sample) -> Option<f64> {
        if sample.answer == Answer::Refused {
            return Some(0.5);
        }
        let now = sample.rtt.as_nanos().max(1) as f64;
        let past = self.past.add(now);
        // After a long overload the past looks slow. It is forgotten faster then.
        if past / now > 2.0 {
            self.past.value *= 0.95;
        }
        if f64::from(sample.in_flight) < self.limit / 2.0 {
            return None;
        }
        Some((self.config.tolerance * past / now).clamp(0.5, 1.0))
    }
}

impl Estimator for Gradient2 {
    fn on_sample(&mut self, _: Time, sample: &Sample, _: &mut Stream) {
        let Some(gradient) = self.gradient(sample) else { return };
        let Gradient2Config { min, max, smoothing, queue, .. } = self.config;
        let to = self.limit * gradient + f64::from(queue);
        let to = self.limit * (1.0 - smoothing) + to * smoothing;
        self.limit = to.clamp(f64::from(min), f64::from(max));
    }

    fn limit(&self) -> u32 {
        self.limit as u32
    }
}

/// An average in which a call weighs less the longer it is ago.
#[derive(Debug)]
struct Average {
    calls: u32,
    value: f64,
    window: u32,
}

impl Average {
    fn add(&mut self, value: f64) -> f64 {
        let weight = if self.calls < WARM_UP {
            self.calls += 1;
            1.0 / f64::from(self.calls)
        } else {
            2.0 / (f64::from(self.window) + 1.0)
        };
        self.value += (value - self.value) * weight;
        self.value
    }
}
