use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Runtime;

use super::{IdempotencyConfig, IdempotencyLayer, Keys, Repeated};
use crate::call::{Context, Layer, Outcome, Reason};
use crate::sample::{Doing, Route, Sample, env};
use crate::store::MemoryStore;

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    let shown = ["IdempotencyLayer", "time_to_live: 86400s", "required: false"];
    vec![
        Sample { name: "idempotency", shown, ..Sample::alike(usual) },
        Sample {
            name: "idempotency that wants a key",
            tight: |world, inner| idempotency(tight(), world, inner),
            usual,
            shown: ["IdempotencyLayer", "lease: 5s", "required: true"],
            refuses: Some((Doing::Ok, 1, Layer::IDEMPOTENCY, Reason::KEY_MISSING)),
            ..Sample::PLAIN
        },
    ]
}

fn tight() -> IdempotencyConfig {
    let lease = Duration::from_secs(5);
    IdempotencyConfig { lease, required: true, ..IdempotencyConfig::new("sample/") }
}

fn usual<R: Runtime>(world: &R, inner: Route) -> Route {
    idempotency(IdempotencyConfig::new("sample/"), world, inner)
}

fn idempotency<R: Runtime>(config: IdempotencyConfig, world: &R, inner: Route) -> Route {
    let store = Arc::new(MemoryStore::new());
    IdempotencyLayer::new(Keys::new(config), store, Arc::new(Numbers), env(world), inner)
}

/// Keeps the numbers that are answered.
struct Numbers;

impl Repeated<Context, u32, &'static str> for Numbers {
    fn scope(&self, _: &Context) -> Arc<str> {
        "sample".into()
    }

    fn fingerprint(&self, request: &Context) -> u64 {
        request.baggage.priority.into()
    }

    fn encode(&self, outcome: &Outcome<u32, &'static str>) -> Option<Vec<u8>> {
        outcome.as_ref().ok().map(|number| number.to_be_bytes().into())
    }

    fn decode(&self, bytes: &[u8]) -> Option<Outcome<u32, &'static str>> {
        bytes.try_into().ok().map(|bytes| Ok(u32::from_be_bytes(bytes)))
    }
}
