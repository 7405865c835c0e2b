use cascadia_models::plan::LayerPlan;
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::deadline::DeadlineConfig;

use super::Layer;
use super::place::Place;
use crate::decode::settings;
use crate::units::Duration;

pub(super) type Deadline = DeadlineConfig;

settings! {
    /// Refuses what nobody waits for any more.
    "Deadline" for DeadlineConfig {
        /// What must be left for the work to be worth beginning.
        min_remaining: Duration,
        /// How much earlier the deadline is for what is called to serve it.
        hop_margin: Duration,
    }
}

impl Layer for DeadlineConfig {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(*self)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.check()
    }
}
