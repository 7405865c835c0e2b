use cascadia_runtime::{Stream, Time};

use super::AimdConfig;
use super::estimator::{Answer, Estimator, Sample};

/// One more with each answer while at least half of the limit is used, a share less when a call is
/// lost.
#[derive(Debug)]
pub(super) struct Aimd {
    config: AimdConfig,
    limit: u32,
}

impl Aimd {
    pub(super) fn new(config: AimdConfig) -> Self {
        Self { config, limit: config.initial }
    }
}

impl Estimator for Aimd {
    fn on_sample(&mut self, _: Time, sample: &Sample, _: &mut Stream) {
        let AimdConfig { min, max, backoff, timeout, .. } = self.config;
        let lost = sample.answer != Answer::Ok || sample.rtt > timeout;
        let used = u64::from(sample.in_flight) * 2 >= u64::from(self.limit);
        self.limit = if lost {
            let less = (f64::from(self.limit) * backoff) as u32;
            less.min(self.limit - 1).max(min)
        } else if used {
            self.limit.saturating_add(1).min(max)
        } else {
            self.limit
        };
    }

    fn limit(&self) -> u32 {
        self.limit
    }
}
