use cascadia_models::plan::{ConnectionPlan, LayerPlan};
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::timeout::TimeoutConfig;

use crate::dto;
use crate::units::Duration;

/// The outermost layer that a timeout is made of.
pub(super) fn plan(dto::Timeout(timeout): &dto::Timeout) -> (LayerPlan, Result<(), ConfigError>) {
    let checked = check(timeout);
    match timeout.overall {
        Some(overall) => (LayerPlan::new(TimeoutConfig { after: overall.std() }), checked),
        None => (LayerPlan::new(connection(timeout, false)), checked),
    }
}

/// The layer inside it, where it has two.
pub(super) fn inner(dto::Timeout(timeout): &dto::Timeout) -> Option<LayerPlan> {
    let both = timeout.overall.is_some() && (timeout.connect.is_some() || timeout.read.is_some());
    both.then(|| LayerPlan::new(connection(timeout, true)))
}

fn connection(timeout: &dto::TimeoutObject, inner: bool) -> ConnectionPlan {
    let dto::TimeoutObject { connect, read, .. } = timeout;
    ConnectionPlan { connect: connect.map(Duration::std), read: read.map(Duration::std), inner }
}

fn check(timeout: &dto::TimeoutObject) -> Result<(), ConfigError> {
    let dto::TimeoutObject { overall, connect, read } = *timeout;
    let limits = [("overall", overall), ("connect", connect), ("read", read)];
    if let Some((field, _)) = limits.iter().find(|(_, limit)| limit.is_some_and(|it| it.0 == 0)) {
        return Err(ConfigError { field, reason: "must be longer than zero" });
    }
    if limits.iter().all(|(_, limit)| limit.is_none()) {
        let reason = "needs at least one of overall, connect and read";
        return Err(ConfigError { field: "timeout", reason });
    }
    Ok(())
}
