//! Requests are done once by their keys.

mod answers;
mod known;
mod remote;

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::idempotency::{IdempotencyConfig, IdempotencyLayer, Keys};
use cascadia_patterns::store::{MemoryStore, Store};

use self::answers::Answers;
pub use self::known::{KeyOf, Scope};
use self::remote::Way;
use super::{LayerKind, Site};
use crate::exchange::Route;
use crate::ids::{EndpointId, ServiceId};

/// How many changes of the keys in the memory of a replica are kept for those who wait for one.
const CHANGES: u64 = 100;

/// Bytes of a key and its answer, as they were measured, with what is known of the changes of it.
const OF_ANSWER: f64 = 4_000.0;

/// How requests are known again, and where their answers are kept.
#[derive(Clone, Debug)]
pub struct IdempotencyPlan {
    /// For how long, and which. Its prefix is that of the way to the service.
    pub config: IdempotencyConfig,
    /// What makes a request the same one.
    pub key: KeyOf,
    /// Within what a key is one.
    pub scope: Scope,
    /// Where keys are kept; in the memory of whoever has the layer, and gone with that, if nowhere.
    pub store: Option<KeptAt>,
}

/// A store of keys.
#[derive(Clone, Copy, Debug)]
pub struct KeptAt {
    /// The store, which keeps its rows at one replica.
    pub service: ServiceId,
    /// Where it is asked for a transaction.
    pub endpoint: EndpointId,
    /// How long it is waited for.
    pub timeout: Duration,
}

impl LayerKind for IdempotencyPlan {
    fn kind(&self) -> &'static str {
        "idempotency"
    }

    fn asks(&self) -> Option<(ServiceId, EndpointId)> {
        self.store.map(|at| (at.service, at.endpoint))
    }

    fn remembers(&self, calls: f64) -> f64 {
        calls * OF_ANSWER
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        let env = site.env();
        let way = self.store.map(|KeptAt { service, endpoint, timeout }| {
            let (route, _) = site.aside(0, (service, endpoint, None));
            Way { sim: env.world, route, endpoint, timeout }
        });
        let store = match self.store {
            Some(at) => site.table(at.service),
            None => Arc::new(MemoryStore::keeping(CHANGES)) as Arc<dyn Store>,
        };
        let answers = Answers { key: self.key, scope: self.scope, way: way.map(Arc::new) };
        let prefix = format!("idempotency/{}/", site.common()).into_bytes();
        let keys = Keys::new(IdempotencyConfig { prefix, ..self.config.clone() });
        IdempotencyLayer::new(keys, store, Arc::new(answers), env, inner)
    }
}
