use cascadia_models::plan::LayerPlan;
use cascadia_patterns::bulkhead::PoolConfig;
use cascadia_patterns::config::ConfigError;

use super::Layer;
use super::place::Place;
use crate::decode::settings;
use crate::units::Duration;

pub(super) type ThreadPool = PoolConfig;

settings! {
    /// Bounds the calls under way by a pool of threads with a queue: calls start threads up to the
    /// core, then wait, then start threads up to the maximum.
    "ThreadPool" for PoolConfig {
        /// Threads before anybody waits.
        core: u32,
        /// Threads at most.
        max: u32 => "as many as in the core",
        /// How many calls may wait.
        queue: u32,
        /// How long a thread beyond the core idles before it ends.
        keepalive: Duration,
        /// How long a call may wait.
        max_wait: Duration => "as long as it takes",
    }
    then |pool, node| {
        if node.get("max").is_none() {
            pool.max = pool.core;
        }
    }
}

impl Layer for PoolConfig {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(*self)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.check()
    }
}
