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
mod idempotency;
mod kinds;
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

use cascadia_patterns::call::Kinds;

use self::kinds::{Acting, Counting, Judging};
pub(crate) use self::layer::{Layer, PolicyEl, Written};
pub(crate) use self::stack::{check_arrival, check_fallbacks, stack};

use crate::decode::choice;
use crate::diagnostics::Code;

choice! {
    /// A layer of a policy.
    pub(crate) enum Layers: Written {
        timeout(timeout::Timeout) => Written::plain,
        retry(Judging<retry::Retry, Acting>) => judging,
        breaker(Judging<breaker::Breaker, Counting>) => |(layer, kinds)| Written { layer, kinds },
        bulkhead(bulkhead::Bulkhead) => Written::plain,
        throttle(Judging<throttle::Throttle, Counting>) => judging,
        cooldown(Judging<cooldown::Cooldown, Counting>) => judging,
        outlier(outlier::Outlier) => judging,
        hedge(Judging<hedge::Hedge, Acting>) => judging,
        fallback(Judging<fallback::Fallback, Acting>) => judging,
        thread_pool(thread_pool::ThreadPool) => Written::plain,
        limit(Judging<limit::Limit, Counting>) => judging,
        rate_limit(rate_limit::RateLimit) => Written::plain,
        shed(shed::Shed) => identity,
        balance(balance::Balance) => Written::plain,
        singleflight(singleflight::Singleflight) => Written::plain,
        deadline(deadline::Deadline) => Written::plain,
        idempotency(idempotency::Idempotency) => Written::plain,
    }
}

/// What only one layer is refused for.
pub(crate) fn codes() -> impl Iterator<Item = &'static Code> {
    [balance::CODES, hedge::CODES, outlier::CODES, singleflight::CODES].into_iter().flatten()
}

fn judging<L: Layer + 'static>((layer, kinds): (L, Kinds)) -> Written {
    Written { kinds, ..Written::plain(layer) }
}
