use cascadia_models::plan::{KeyBy, Keyed, LayerPlan};
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::cooldown::CooldownConfig;

use super::Layer;
use super::place::Place;
use crate::decode::object;
use crate::units::Duration;

object! {
    /// Leaves alone for a while what has just failed.
    pub(super) struct Cooldown {
        /// How long after a failure nothing is sent.
        pause: Duration = CooldownConfig::default().pause,
        /// Keeps back only calls with the same of these as the one that failed; outside a balancer.
        per: Option<KeyBy> => "all calls",
        /// How many of them rest at once.
        max_keys: Option<u32> => CooldownConfig::default().max_keys,
        /// Also counts what the caller itself refused and calls whose deadline had passed.
        count_local: bool = CooldownConfig::default().count_local,
    }
}

impl Cooldown {
    fn config(&self) -> CooldownConfig {
        let max_keys = self.max_keys.unwrap_or_else(|| CooldownConfig::default().max_keys);
        CooldownConfig { pause: self.pause, max_keys, count_local: self.count_local }
    }
}

impl Layer for Cooldown {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        let config = self.config();
        vec![match self.per {
            Some(by) => LayerPlan::new(Keyed { config, by }),
            None => LayerPlan::new(config),
        }]
    }

    fn check(&self) -> Result<(), ConfigError> {
        match (self.per, self.max_keys) {
            (None, Some(_)) => {
                Err(ConfigError { field: "max_keys", reason: "makes sense only with `per`" })
            }
            _ => self.config().check(),
        }
    }
}
