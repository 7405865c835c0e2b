mod config;
mod consecutive;
mod layer;
mod properties;
mod rates;
mod time;

use cascadia_runtime::{Stream, Time};

use super::*;
use crate::testing::key;

/// A core with its randomness, and the changes so far.
struct Bench {
    core: Outlier,
    stream: Stream,
}

impl Bench {
    fn new(config: OutlierConfig, endpoints: usize) -> Self {
        config.check().unwrap();
        let mut core = Outlier::new(config, Time::ZERO);
        core.on_members((0..endpoints as u64).map(key));
        Self { core, stream: Stream::from_seed(1) }
    }

    fn envoy(config: EnvoyConfig, endpoints: usize) -> Self {
        Self::new(OutlierConfig::Envoy(config), endpoints)
    }

    fn grpc(config: GrpcConfig, endpoints: usize) -> Self {
        Self::new(OutlierConfig::Grpc(config), endpoints)
    }

    fn changes(&mut self) -> Vec<Change> {
        std::iter::from_fn(|| self.core.poll_change()).collect()
    }

    fn outcomes(&mut self, now: Time, endpoint: usize, sign: Sign, count: u32) {
        for _ in 0..count {
            self.core.on_outcome(now, key(endpoint as u64), sign, &mut self.stream);
        }
    }

    /// Gives every endpoint so many outcomes, of which the given share are successes.
    fn interval(&mut self, now: Time, volume: u32, good: &[u32]) {
        for (endpoint, good) in good.iter().enumerate() {
            for call in 0..volume {
                // Spread, so that no run of errors is long.
                let ok = (call + 1) * good / 100 > call * good / 100;
                let sign = if ok { Sign::Success } else { Sign::Error };
                self.core.on_outcome(now, key(endpoint as u64), sign, &mut self.stream);
            }
        }
    }

    fn at(&mut self, now: Time) -> Vec<usize> {
        self.core.on_call(now, &mut self.stream);
        self.core.ejected().map(|endpoint| endpoint.number() as usize).collect()
    }
}

/// Ejects any number, by nothing but the success rate.
fn rates_only() -> EnvoyConfig {
    let off = Run { errors: 1_000_000, enforcing: 0.0 };
    EnvoyConfig { max_ejection_percent: 1.0, consecutive: off, ..EnvoyConfig::default() }
}
