use cascadia_patterns::bulkhead::BulkheadConfig;

use super::or;
use crate::dto;

pub(super) fn config(dto::Bulkhead(bulkhead): &dto::Bulkhead) -> BulkheadConfig {
    let default = BulkheadConfig::default();
    BulkheadConfig {
        limit: bulkhead.limit.unwrap_or(default.limit),
        max_wait: or(bulkhead.max_wait, default.max_wait),
        max_waiting: bulkhead.max_waiting.or(default.max_waiting),
    }
}
