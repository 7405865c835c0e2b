use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::{IdempotencyConfig, IdempotencyLayer, Keys, Repeated};
use crate::call::{Context, Outcome};
use crate::sample::{Route, Sample, env};
use crate::store::MemoryStore;

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    let shown = ["IdempotencyLayer", "time_to_live: 86400s", "required: false"];
    vec![Sample { name: "idempotency", shown, ..Sample::alike(idempotency) }]
}

fn idempotency<R: Runtime>(world: &R, inner: Route) -> Route {
    let (keys, store) = (Keys::new(IdempotencyConfig::new("sample/")), MemoryStore::new());
    IdempotencyLayer::new(keys, Arc::new(store), Arc::new(Numbers), env(world), inner)
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
