use std::convert::identity;
use std::time;

use cascadia_models::plan::LayerPlan;
use cascadia_patterns::breaker::document::DocumentConfig;
use cascadia_patterns::breaker::{
    BreakerConfig, HalfOpen, Jitter, Manual, OpenWait, Reopen, Slow, Stuck,
};
use cascadia_patterns::config::ConfigError;

use self::window::Windows;
use super::Layer;
use super::place::Place;
use crate::decode::{choice, either, object, settings, words};
use crate::units::{Duration, Share};

mod window;

either! {
    /// Stops calling what fails: by an object, or by the name of a breaker.
    pub(super) enum Breaker: Box<dyn Layer> {
        NamedBreaker => |config| Box::new(config) as Box<dyn Layer>,
        BreakerObject => |object| Box::new(object.config()) as Box<dyn Layer>,
    }
}

choice! {
    /// Breakers that have nothing to set.
    pub(super) enum NamedBreaker: DocumentConfig {
        /// The one of most introductions, as a warning: five failures, ever, open it for 30s, any
        /// number of probes pass and the third success closes it.
        document => DocumentConfig::default(),
    }
}

object! {
    /// When to stop calling what fails.
    pub(super) struct BreakerObject {
        /// The outcomes that rates are taken over.
        window: Windows = BreakerConfig::default().windows,
        /// The share of failures that opens it.
        failure_rate: Share = BreakerConfig::default().failure_rate,
        /// Outcomes the window must hold.
        min_calls: u32 = BreakerConfig::default().min_calls,
        /// Also opens after so many failures in a row.
        consecutive: Option<u32> => "off",
        /// A call that takes longer is slow.
        slow_call: Option<Duration> => "off",
        /// The share of slow calls that opens it.
        slow_rate: Share = 1.0,
        /// How long it stays open.
        open: OpenTime = BreakerConfig::default().open,
        /// How it is probed.
        half_open: HalfOpen = BreakerConfig::default().half_open,
        /// Also counts what the caller itself refused and calls whose deadline had passed.
        count_local: bool = BreakerConfig::default().count_local,
        /// Whether it begins in somebody's hand.
        mode: Option<Manual> => "it works by itself",
    }
}

words! {
    /// A hand on the circuit.
    "Mode" for Manual {
        /// Every call is refused.
        forced_open => Manual::ForcedOpen,
        /// Every call passes and nothing is counted.
        disabled => Manual::Disabled,
        /// Every call passes and is counted.
        metrics_only => Manual::MetricsOnly,
    }
}

either! {
    /// How long a circuit stays open: a duration, always the same, or an object.
    pub(super) enum OpenTime: OpenWait {
        Duration => OpenWait::fixed,
        OpenWait => identity,
    }
}

settings! {
    /// An open time that grows.
    "GrowingOpenTime" for OpenWait {
        /// The first.
        base: Duration,
        /// What each further opening multiplies it by.
        factor: f64,
        /// The longest.
        max: Duration,
        /// How it is spread.
        jitter: Jitter,
        /// The shortest under full jitter.
        min: Option<Duration> => "half of the base",
    }
    then |open, node| {
        if node.get("max").is_none() {
            open.max = open.max.max(open.base);
        }
    }
}

words! {
    /// How waits are spread.
    "Jitter" for Jitter {
        /// Not at all.
        none => Jitter::None,
        /// Between half of the wait and all of it.
        equal => Jitter::Equal,
        /// Between the minimum and the wait.
        full => Jitter::Full,
    }
}

settings! {
    /// How an open circuit is probed.
    "HalfOpen" for HalfOpen {
        /// The number of probes.
        permits: u32,
        /// How many of them must succeed.
        successes: Option<u32> => "all",
        /// How long a probe may take.
        max_wait: Option<Duration> => "as long as the circuit was open",
        /// What becomes of the circuit when one takes longer.
        stuck: Stuck,
        /// When they open the circuit again.
        reopen: Reopen,
    }
}

words! {
    /// Where a circuit goes whose probes do not end.
    "Stuck" for Stuck {
        /// It opens.
        open => Stuck::Open,
        /// It closes.
        close => Stuck::Close,
        /// It waits, for ever if need be.
        wait => Stuck::Wait,
    }
}

words! {
    /// When probes open a circuit again.
    "Reopen" for Reopen {
        /// At the first failure.
        first_failure => Reopen::FirstFailure,
        /// When all have ended, by their rate.
        rate => Reopen::Rate,
    }
}

impl BreakerObject {
    fn config(self) -> BreakerConfig {
        let slow = |threshold: time::Duration| Slow { threshold, rate: self.slow_rate };
        BreakerConfig {
            windows: self.window,
            consecutive: self.consecutive,
            min_calls: self.min_calls,
            failure_rate: self.failure_rate,
            slow: self.slow_call.map(slow),
            open: self.open,
            half_open: self.half_open,
            count_local: self.count_local,
            mode: self.mode.unwrap_or(Manual::Automatic),
        }
    }
}

impl Layer for BreakerConfig {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(self.clone())]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.check()
    }
}

impl Layer for DocumentConfig {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(*self)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }
}
