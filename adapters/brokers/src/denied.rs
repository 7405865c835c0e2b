use std::future::ready;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::messaging::{Batch, BrokerError, Capabilities, Capability};

/// The answer to what a broker cannot do.
pub fn deny<T: Send + 'static>(capability: Capability) -> BoxFuture<Result<T, BrokerError>> {
    Box::pin(ready(Err(capability.into())))
}

/// The answer to what makes no sense for a broker.
pub const fn invalid(field: &'static str, reason: &'static str) -> BrokerError {
    BrokerError::Invalid(ConfigError { field, reason })
}

/// Whether a batch asks for nothing that a broker cannot do.
///
/// # Errors
///
/// What that is.
pub fn need_none(can: Capabilities, batch: &Batch) -> Result<(), BrokerError> {
    if batch.messages.is_empty() {
        return Err(invalid("messages", "must not be empty"));
    }
    let asked = [
        (batch.numbered.is_some(), Capability::Idempotence),
        (batch.transactional, Capability::Transactions),
        (batch.messages.iter().any(|message| message.expires.is_some()), Capability::Expiry),
    ];
    let needs = asked.into_iter().filter_map(|(is_asked, what)| is_asked.then_some(what));
    Ok(can.allow(needs.collect())?)
}
