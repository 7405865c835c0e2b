use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::GradientConfig;
use super::estimator::{Answer, Estimator, Sample};
use super::quantile::Latencies;
use crate::delay::scaled;

/// Updates at the least limit in a row after which the latency without load is not believed.
const STUCK: u32 = 5;

/// Moves the limit by the ratio of a latency without load to that of now.
///
/// Without load means with `min` calls: now and then the limit is held there until enough of them
/// are answered. What was begun before counts in neither.
#[derive(Debug)]
pub(super) struct Gradient {
    config: GradientConfig,
    limit: u32,
    phase: Phase,
    latencies: Latencies,
    /// Calls that began before are not measured.
    epoch: Time,
    no_load: f64,
    at_least: u32,
}

#[derive(Debug)]
enum Phase {
    /// The latency without load is measured; then the limit is this again.
    Measuring { resume: u32 },
    /// The limit moves at `update`, and the next measurement begins at `measure`.
    Following { update: Time, measure: Time },
}

impl Gradient {
    pub(super) fn new(config: GradientConfig) -> Self {
        Self {
            config,
            limit: config.min,
            phase: Phase::Measuring { resume: config.min },
            latencies: Latencies::new(),
            epoch: Time::ZERO,
            no_load: 0.0,
            at_least: 0,
        }
    }

    fn measure(&mut self, now: Time) {
        self.phase = Phase::Measuring { resume: self.limit };
        self.limit = self.config.min;
        self.at_least = 0;
        self.latencies.clear();
        self.epoch = now;
    }

    fn measured(&mut self, now: Time, resume: u32, stream: &mut Stream) {
        let GradientConfig { update, min_rtt_interval, jitter, quantile, .. } = self.config;
        self.no_load = self.latencies.take(quantile);
        self.limit = resume;
        let stretch = 1.0 + jitter * if jitter > 0.0 { stream.unit() } else { 0.0 };
        let measure = now + scaled(min_rtt_interval, stretch);
        self.phase = Phase::Following { update: now + update, measure };
    }

    fn update(&mut self) {
        let GradientConfig { min, max, buffer, quantile, .. } = self.config;
        let now = self.latencies.take(quantile).max(1.0);
        let gradient = (self.no_load * (1.0 + buffer) / now).clamp(0.5, 2.0);
        let limit = f64::from(self.limit) * gradient;
        let before =
            std::mem::replace(&mut self.limit, ((limit + limit.sqrt()) as u32).clamp(min, max));
        let stays = before == min && self.limit == min;
        self.at_least = if stays { self.at_least + 1 } else { 0 };
    }
}

impl Estimator for Gradient {
    fn on_sample(&mut self, now: Time, sample: &Sample, stream: &mut Stream) {
        if sample.began < self.epoch || sample.answer == Answer::Refused {
            return;
        }
        self.latencies.add(u64::try_from(sample.rtt.as_nanos()).unwrap_or(u64::MAX));
        if let Phase::Measuring { resume } = self.phase
            && self.latencies.len() >= self.config.min_rtt_samples
        {
            self.measured(now, resume, stream);
        }
    }

    fn on_time(&mut self, now: Time, _: &mut Stream) {
        let Phase::Following { update, measure } = &mut self.phase else { return };
        let due = *update <= now && *update <= *measure;
        if due {
            let late = now.since(*update).as_nanos();
            let period = self.config.update.as_nanos();
            let missed = u64::try_from(late / period * period).unwrap_or(u64::MAX);
            *update = *update + self.config.update + Duration::from_nanos(missed);
        }
        let measures = *measure <= now;
        if due && self.latencies.len() > 0 {
            self.update();
        }
        if measures || self.at_least >= STUCK {
            self.measure(now);
        }
    }

    fn limit(&self) -> u32 {
        self.limit
    }
}
