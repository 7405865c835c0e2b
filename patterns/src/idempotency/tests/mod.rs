mod duplicates;
mod keys;
mod layer;

use std::sync::Arc;

use cascadia_runtime::Wall;

use super::{Asked, IdempotencyConfig, Keys};
use crate::store::{MemoryStore, Store};

pub(super) fn asked(key: &str, fingerprint: u64) -> Asked {
    Asked { scope: "shop POST /orders".into(), key: key.into(), fingerprint }
}

pub(super) fn keys() -> (Keys, Arc<dyn Store>) {
    (Keys::new(IdempotencyConfig::new("i/")), Arc::new(MemoryStore::new()))
}

pub(super) fn day() -> Wall {
    Wall::EPOCH + std::time::Duration::from_secs(86_400)
}
