//! Who of a queue is next, and who is shed.

use cascadia_patterns::shed::{CodelConfig, DisciplineConfig, Order};

use crate::decode::{choice, object, settings};
use crate::units::Duration;

choice! {
    /// Who of a queue is next, and who is shed: a name, or a name and its numbers.
    pub(crate) enum Discipline: Chosen {
        /// First come, first served.
        fifo => Chosen { order: Some(Order::Fifo), codel: None },
        /// Last come, first served.
        lifo => Chosen { order: Some(Order::Lifo), codel: None },
        /// First come, first served, and last come, first served while many wait.
        adaptive_lifo[AdaptiveLifo] => |AdaptiveLifo { above, codel }| {
            Chosen { order: above.map(|above| Order::Adaptive { above }), codel }
        },
        /// First come, first served; sheds who waits too long while the queue stands.
        codel[CodelConfig] => |codel| Chosen { order: Some(Order::Fifo), codel: Some(codel) },
    }
    shown |chosen| (*chosen == Chosen::default()).then(|| "fifo".to_owned())
}

/// A discipline before it is known how many workers there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// Who is next; if nothing is said, as many wait in order as there are workers.
    order: Option<Order>,
    codel: Option<CodelConfig>,
}

impl Default for Chosen {
    fn default() -> Self {
        let DisciplineConfig { order, codel } = DisciplineConfig::default();
        Self { order: Some(order), codel }
    }
}

impl Chosen {
    /// The discipline of a queue before so many workers.
    pub(crate) fn config(self, workers: u32) -> DisciplineConfig {
        let order = self.order.unwrap_or(Order::Adaptive { above: workers });
        DisciplineConfig { order, codel: self.codel }
    }
}

object! {
    /// An order that depends on how many wait.
    pub(crate) struct AdaptiveLifo {
        /// So many may wait in order.
        above: Option<u32> => "as many as there are workers",
        /// Also sheds who waits too long while the queue stands.
        codel: Option<CodelConfig> => "nobody is shed",
    }
}

settings! {
    /// Controlled delay.
    "Codel" for CodelConfig {
        /// The wait that is acceptable.
        target: Duration,
        /// How long the shortest wait must have been longer.
        interval: Duration,
    }
}
