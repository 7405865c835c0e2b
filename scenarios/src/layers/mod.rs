//! The layers of a policy: a file each, and a line in the list below.
//!
//! A file has what may be written, with the defaults of the pattern's own configuration, what it
//! is in a plan, where it may stand, and the codes of what it alone is refused for. Nothing else
//! knows of a layer.

mod balance;
mod breaker;
mod bulkhead;
mod cooldown;
mod deadline;
mod fallback;
mod hedge;
mod layer;
mod limit;
mod outlier;
mod place;
mod rate_limit;
mod retry;
mod shed;
mod singleflight;
mod stack;
mod thread_pool;
mod throttle;
mod timeout;

use std::convert::identity;

pub(crate) use self::layer::{Layer, PolicyEl};
pub(crate) use self::stack::{check_arrival, check_fallbacks, stack};

use crate::decode::choice;
use crate::diagnostics::Code;

choice! {
    /// A layer of a policy.
    pub(crate) enum Layers: Box<dyn Layer> {
        timeout(timeout::Timeout) => boxed,
        retry(retry::Retry) => boxed,
        breaker(breaker::Breaker) => identity,
        bulkhead(bulkhead::Bulkhead) => boxed,
        throttle(throttle::Throttle) => boxed,
        cooldown(cooldown::Cooldown) => boxed,
        outlier(outlier::Outlier) => boxed,
        hedge(hedge::Hedge) => boxed,
        fallback(fallback::Fallback) => boxed,
        thread_pool(thread_pool::ThreadPool) => boxed,
        limit(limit::Limit) => boxed,
        rate_limit(rate_limit::RateLimit) => boxed,
        shed(shed::Shed) => identity,
        balance(balance::Balance) => boxed,
        singleflight(singleflight::Singleflight) => boxed,
        deadline(deadline::Deadline) => boxed,
    }
}

/// What only one layer is refused for.
pub(crate) fn codes() -> impl Iterator<Item = &'static Code> {
    [balance::CODES, hedge::CODES, outlier::CODES, singleflight::CODES].into_iter().flatten()
}

fn boxed<L: Layer + 'static>(layer: L) -> Box<dyn Layer> {
    Box::new(layer)
}
