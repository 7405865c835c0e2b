mod config;
mod gradient;
mod layer;
mod rules;
mod suite;

use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::{
    AimdConfig, Algorithm, Answer, Gradient2Config, GradientConfig, LimitConfig, Limiter, Permit,
    VegasConfig,
};
use crate::testing::ms;

/// Each rule, with room to both sides.
fn all() -> [Algorithm; 4] {
    [
        Algorithm::Aimd(AimdConfig { min: 5, ..AimdConfig::default() }),
        Algorithm::Vegas(VegasConfig::default()),
        Algorithm::Gradient2(Gradient2Config { min: 5, ..Gradient2Config::default() }),
        Algorithm::Gradient(GradientConfig::default()),
    ]
}

/// A limit, its clock and its randomness.
struct Rig {
    core: Limiter,
    stream: Stream,
    now: Time,
}

impl Rig {
    fn new(algorithm: Algorithm) -> Self {
        let core = Limiter::new(LimitConfig { algorithm, ..LimitConfig::default() });
        Self { core, stream: Stream::from_seed(1), now: Time::ZERO }
    }

    fn enter(&mut self) -> Option<Permit> {
        self.core.on_call(self.now, &mut self.stream).ok()
    }

    fn answer(&mut self, permit: Permit, answer: Answer) {
        self.core.on_answer(self.now, permit, answer, &mut self.stream);
    }

    /// `calls` at once, or as many as are let in, that all end after `rtt`.
    fn round(&mut self, calls: u32, rtt: Duration, answer: Answer) -> u32 {
        let permits: Vec<_> = (0..calls).map_while(|_| self.enter()).collect();
        self.now += rtt;
        let entered = permits.len() as u32;
        permits.into_iter().for_each(|permit| self.answer(permit, answer));
        entered
    }

    /// Rounds that use the whole limit.
    fn full_rounds(&mut self, rounds: u32, rtt: Duration, answer: Answer) {
        (0..rounds).for_each(|_| {
            self.round(u32::MAX, rtt, answer);
        });
    }

    fn limit(&self) -> u32 {
        self.core.limit()
    }
}
