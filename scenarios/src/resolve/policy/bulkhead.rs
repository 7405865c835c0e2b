use cascadia_models::plan::{KeyBy, KeyedBulkhead, LayerPlan};
use cascadia_patterns::bulkhead::{BulkheadConfig, KeyedBulkheadConfig, PoolConfig};
use cascadia_patterns::config::ConfigError;

use super::or;
use crate::dto;

pub(super) fn plan(
    dto::Bulkhead(bulkhead): &dto::Bulkhead,
) -> (LayerPlan, Result<(), ConfigError>) {
    let default = BulkheadConfig::default();
    let each = BulkheadConfig {
        limit: bulkhead.limit.unwrap_or(default.limit),
        max_wait: or(bulkhead.max_wait, default.max_wait),
        max_waiting: bulkhead.max_waiting.or(default.max_waiting),
    };
    let Some(per) = bulkhead.per else {
        let alone = ConfigError { field: "max_keys", reason: "makes sense only with `per`" };
        let checked = if bulkhead.max_keys.is_some() { Err(alone) } else { each.check() };
        return (LayerPlan::new(each), checked);
    };
    let max_keys = bulkhead.max_keys.unwrap_or_else(|| KeyedBulkheadConfig::default().max_keys);
    let config = KeyedBulkheadConfig { each, max_keys };
    let by = match per {
        dto::Per::Endpoint => KeyBy::Endpoint,
        dto::Per::Load => KeyBy::Load,
        dto::Per::Priority => KeyBy::Priority,
    };
    (LayerPlan::new(KeyedBulkhead { config, by }), config.check())
}

pub(super) fn pool(pool: &dto::ThreadPool) -> PoolConfig {
    let default = PoolConfig::default();
    let core = pool.core.unwrap_or(default.core);
    PoolConfig {
        core,
        max: pool.max.unwrap_or(core),
        queue: pool.queue.unwrap_or(default.queue),
        keepalive: or(pool.keepalive, default.keepalive),
        max_wait: or(pool.max_wait, default.max_wait),
    }
}
