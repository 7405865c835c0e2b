use std::convert::identity;

use cascadia_models::plan::{KeyBy, Keyed, LayerPlan};
use cascadia_patterns::bulkhead::{BulkheadConfig, KeyedBulkheadConfig};
use cascadia_patterns::config::ConfigError;

use super::Layer;
use super::place::Place;
use crate::decode::{either, object, words};
use crate::units::Duration;

either! {
    /// Bounds the calls under way: by a number, or by an object.
    pub(super) enum Bulkhead: BulkheadObject {
        u32 => BulkheadObject::limited,
        BulkheadObject => identity,
    }
}

object! {
    /// A bound on calls under way, and who may wait.
    pub(super) struct BulkheadObject {
        /// Calls under way at once.
        limit: u32 = BulkheadConfig::default().limit,
        /// How long a call may wait.
        max_wait: Duration = BulkheadConfig::default().max_wait,
        /// How many may wait at once.
        max_waiting: Option<u32> => "any number",
        /// A bulkhead for each of these.
        per: Option<KeyBy> => "one for all",
        /// How many of them at once.
        max_keys: Option<u32> => KeyedBulkheadConfig::default().max_keys,
    }
}

words! {
    /// What requests are told apart by.
    "Per" for KeyBy {
        /// What is asked for.
        endpoint => KeyBy::Endpoint,
        /// The source of load that the request is from.
        load => KeyBy::Load,
        /// The priority of the request.
        priority => KeyBy::Priority,
        /// What the request is about: the key that its load drew.
        key => KeyBy::Key,
    }
}

impl BulkheadObject {
    fn limited(limit: u32) -> Self {
        let BulkheadConfig { max_wait, max_waiting, .. } = BulkheadConfig::default();
        Self { limit, max_wait, max_waiting, per: None, max_keys: None }
    }

    fn each(&self) -> BulkheadConfig {
        let Self { limit, max_wait, max_waiting, .. } = *self;
        BulkheadConfig { limit, max_wait, max_waiting }
    }

    fn keyed(&self) -> KeyedBulkheadConfig {
        let max_keys = self.max_keys.unwrap_or_else(|| KeyedBulkheadConfig::default().max_keys);
        KeyedBulkheadConfig { each: self.each(), max_keys }
    }
}

impl Layer for BulkheadObject {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![match self.per {
            Some(by) => LayerPlan::new(Keyed { config: self.keyed(), by }),
            None => LayerPlan::new(self.each()),
        }]
    }

    fn check(&self) -> Result<(), ConfigError> {
        match (self.per, self.max_keys) {
            (Some(_), _) => self.keyed().check(),
            (None, Some(_)) => {
                Err(ConfigError { field: "max_keys", reason: "makes sense only with `per`" })
            }
            (None, None) => self.each().check(),
        }
    }
}
