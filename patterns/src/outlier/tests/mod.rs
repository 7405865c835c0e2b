mod config;
mod consecutive;
mod layer;
mod properties;
mod rates;
mod time;

use cascadia_runtime::{Stream, Time};

use super::*;

/// A core with its randomness, and the changes so far.
struct Bench {
    core: Outlier,
    stream: Stream,
}

impl Bench {
    fn new(config: OutlierConfig, endpoints: usize) -> Self {
        config.check().unwrap();
        let core = Outlier::new(config, endpoints, Time::ZERO);
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
            self.core.on_outcome(now, endpoint, sign, &mut self.stream);
        }
    }

    /// Gives every endpoint so many outcomes, of which the given share are successes.
    fn interval(&mut self, now: Time, volume: u32, good: &[u32]) {
        for (endpoint, good) in good.iter().enumerate() {
            for call in 0..volume {
                // Spread, so that no run of errors is long.
                let ok = (call + 1) * good / 100 > call * good / 100;
                let sign = if ok { Sign::Success } else { Sign::Error };
                self.core.on_outcome(now, endpoint, sign, &mut self.stream);
            }
        }
    }

    fn at(&mut self, now: Time) -> Vec<usize> {
        self.core.on_call(now, &mut self.stream);
        let ejected = self.core.ejected().iter().enumerate();
        ejected.filter(|(_, ejected)| **ejected).map(|(endpoint, _)| endpoint).collect()
    }
}

/// Ejects any number, by nothing but the success rate.
fn rates_only() -> EnvoyConfig {
    let off = Run { errors: 1_000_000, enforcing: 0.0 };
    EnvoyConfig { max_ejection_percent: 1.0, consecutive: off, ..EnvoyConfig::default() }
}
