use cascadia_models::plan::LayerPlan;
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::limit::{
    AimdConfig, Algorithm, Gradient2Config, GradientConfig, LimitConfig, VegasConfig, Window,
};

use super::Layer;
use super::place::Place;
use crate::decode::{Word, choice, either, object, settings};
use crate::text::Node;
use crate::units::{Duration, Share};

either! {
    /// Bounds the calls under way, and finds the bound itself: by the name of a rule, or by an
    /// object.
    pub(super) enum Limit: LimitConfig {
        Word<Rule> => |algorithm| LimitConfig { algorithm, ..LimitConfig::default() },
        LimitObject => LimitObject::config,
    }
}

object! {
    /// A rule, and what it is shown.
    pub(super) struct LimitObject {
        /// The rule by which the limit moves.
        algorithm: Rule,
        /// Shows the rule the mean of many calls instead of each.
        window: Option<Window> => "off",
        /// Also counts what the caller itself refused and calls whose deadline had passed.
        count_local: bool = LimitConfig::default().count_local,
    }
}

choice! {
    /// The rule by which a limit moves: its name, or its name and its numbers.
    pub(super) enum Rule: Algorithm {
        /// One more with each answer, a share less when a call is lost.
        aimd[AimdConfig] => Algorithm::Aimd,
        /// Holds a short queue, judged by the shortest latency.
        vegas[VegasConfig] => Algorithm::Vegas,
        /// Follows the ratio of the latency of the past to that of now.
        gradient2[Gradient2Config] => Algorithm::Gradient2,
        /// Follows the ratio of a latency measured without load to that of now.
        gradient[GradientConfig] => Algorithm::Gradient,
    }
}

settings! {
    /// Additive increase, multiplicative decrease.
    "Aimd" for AimdConfig {
        /// Where the limit begins.
        initial: u32,
        /// The least it can be.
        min: u32,
        /// The most it can be.
        max: u32,
        /// What a lost call multiplies it by.
        backoff: f64,
        /// A call that takes longer counts as lost.
        timeout: Duration,
    }
    then |AimdConfig { initial, min, max, .. }, node| fit(node, initial, min, *max)
}

settings! {
    /// TCP Vegas for calls.
    "Vegas" for VegasConfig {
        /// Where the limit begins.
        initial: u32,
        /// The most it can be.
        max: u32,
        /// The share of a step that is taken.
        smoothing: f64,
        /// The shortest latency is forgotten after so many times the limit of calls.
        probe: u32,
    }
    then |vegas, node| {
        if node.get("initial").is_none() {
            vegas.initial = vegas.initial.min(vegas.max);
        }
    }
}

settings! {
    /// Netflix' Gradient2.
    "Gradient2" for Gradient2Config {
        /// Where the limit begins.
        initial: u32,
        /// The least it can be.
        min: u32,
        /// The most it can be.
        max: u32,
        /// The share of a step that is taken.
        smoothing: f64,
        /// Calls that may queue.
        queue: u32,
        /// How many times the latency of the past is not slower yet.
        tolerance: f64,
        /// The calls over which the latency of the past is averaged.
        long_window: u32,
    }
    then |Gradient2Config { initial, min, max, .. }, node| fit(node, initial, min, *max)
}

settings! {
    /// Envoy's gradient controller.
    "Gradient" for GradientConfig {
        /// The least the limit can be, and what it is while a latency without load is measured.
        min: u32,
        /// The most it can be.
        max: u32,
        /// How often it moves.
        update: Duration,
        /// How often the latency without load is measured.
        min_rtt_interval: Duration,
        /// The share by which that interval is stretched at random.
        jitter: Share,
        /// Answers that make a measurement.
        min_rtt_samples: u32,
        /// The share by which the latency may be longer than without load.
        buffer: Share,
        /// Which latency of many is taken.
        quantile: Share,
    }
}

settings! {
    /// A summary of many calls.
    "LimitWindow" for Window {
        /// Calls it must hold.
        samples: u32,
        /// The shortest it is.
        min: Duration,
        /// The longest it is.
        max: Duration,
        /// Calls that took less are left out.
        min_rtt: Duration,
    }
    then |window, node| {
        if node.get("max").is_none() {
            window.max = window.max.max(window.min);
        }
    }
}

/// Fits the defaults of what is not written to the rest.
fn fit(node: &Node, initial: &mut u32, min: &mut u32, max: u32) {
    if node.get("min").is_none() {
        *min = max.min(*min);
    }
    if node.get("initial").is_none() {
        *initial = (*initial).max(*min).min(max);
    }
}

impl LimitObject {
    fn config(self) -> LimitConfig {
        let Self { algorithm, window, count_local } = self;
        LimitConfig { algorithm, window, count_local }
    }
}

impl Layer for LimitConfig {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(*self)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.check()
    }
}
