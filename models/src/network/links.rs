use std::collections::BTreeMap;

use super::link::Link;
use crate::ids::{LoadId, ServiceId};

/// What lies between callers and services.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// Where nothing else is said; `None` is no latency and no loss.
    pub default: Option<Link>,
    /// Links of their own.
    pub between: BTreeMap<(Source, ServiceId), Link>,
}

impl Links {
    /// The link from `source` to `target`.
    pub fn get(&self, source: Source, target: ServiceId) -> Option<&Link> {
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
