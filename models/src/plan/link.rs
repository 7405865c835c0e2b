use std::collections::BTreeMap;

use super::{LoadId, ServiceId};
use crate::laws::Law;

/// What lies between callers and services.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// Where nothing else is said; `None` is no latency and no loss.
    pub default: Option<LinkPlan>,
    /// Links of their own.
    pub between: BTreeMap<(Source, ServiceId), LinkPlan>,
}

impl Links {
    /// The link from `source` to `target`.
    pub fn get(&self, source: Source, target: ServiceId) -> Option<&LinkPlan> {
        self.between.get(&(source, target)).or(self.default.as_ref())
    }
}

/// Where calls come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A source of load.
    Load(LoadId),
    /// Any replica of a service.
    Service(ServiceId),
}

/// A link, the same in both directions.
#[derive(Clone, Debug)]
pub struct LinkPlan {
    /// One-way latency of a message.
    pub latency: Option<Law>,
    /// Share of messages that are lost without a trace.
    pub loss: f64,
}
