use cascadia_models::plan::LayerPlan;
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::shed::{DagorConfig, QueueConfig};

use super::place::Place;
use super::{Layer, Written};
use crate::decode::{choice, object, settings};
use crate::disciplines::{Chosen, Discipline};
use crate::units::{Duration, Share};

choice! {
    /// Refuses some under overload.
    pub(super) enum Shed: Written {
        /// By importance; on arrival only.
        dagor(DagorConfig) => Written::plain,
        /// From a queue of its own.
        queue(ShedQueue) => |queue| Written::plain(queue.config()),
    }
}

settings! {
    /// Priorities under overload.
    "Dagor" for DagorConfig {
        /// The mean wait beyond which there is overload.
        target: Duration,
        /// How often the level moves.
        window: Duration,
        /// And after so many requests at the latest.
        window_requests: u32,
        /// The share by which what is admitted shrinks under overload.
        shrink: Share,
        /// The share of all requests by which it grows otherwise.
        grow: Share,
        /// Priorities that are told apart.
        priorities: u16,
    }
}

object! {
    /// A bound on calls under way, and a queue before it.
    pub(super) struct ShedQueue {
        /// Calls under way at once.
        limit: u32 = QueueConfig::default().limit,
        /// How many may wait.
        max_waiting: Option<u32> => "any number",
        /// Who is next, and who is shed.
        discipline: Discipline = Chosen::default(),
    }
}

impl ShedQueue {
    fn config(self) -> QueueConfig {
        let Self { limit, max_waiting, discipline } = self;
        QueueConfig { limit, max_waiting, discipline: discipline.config(limit) }
    }
}

impl Layer for DagorConfig {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(*self)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.check()
    }
}

impl Layer for QueueConfig {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(*self)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.check()
    }
}
