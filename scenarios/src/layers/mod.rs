//! The layers of a policy: a file each, and a line in the list below.
//!
//! A file has what may be written, with the defaults of the pattern's own configuration, what it
//! is in a plan, and where it may stand. Nothing else knows of a layer.

mod balance;
mod breaker;
mod bulkhead;
mod deadline;
mod fallback;
mod hedge;
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
use std::fmt::Debug;

use cascadia_models::plan::LayerPlan;
use cascadia_patterns::config::ConfigError;

pub(crate) use self::stack::{check_arrival, check_fallbacks, stack};

use self::place::{Place, Standing};
use crate::decode::choice;
use crate::diagnostics::Report;
use crate::text::Node;

/// A layer as it was written.
pub(crate) trait Layer: Debug {
    /// What it is in a plan, outermost first. What is wrong with the names in it is reported.
    fn plan(&self, place: &mut Place<'_, '_>) -> Vec<LayerPlan>;

    /// Whether it can be built.
    fn check(&self) -> Result<(), ConfigError>;

    /// Reports what is wrong with its place among the other layers.
    fn check_place(&self, _standing: &Standing<'_>, _report: &mut Report) {}

    /// Why it makes no sense in an inbound policy.
    fn not_on_arrival(&self) -> Option<NotOnArrival> {
        None
    }

    /// What it does that a fallback must not do once more, such as "tries again".
    fn repeats(&self) -> Option<&'static str> {
        None
    }

    /// It chooses a replica.
    fn balances(&self) -> bool {
        false
    }

    /// The policies of the calls that it makes besides; `node` is what stands under its key.
    fn policies<'a>(&self, _node: &'a Node) -> Vec<&'a Node> {
        Vec::new()
    }
}

/// Why a layer makes no sense in an inbound policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotOnArrival {
    code: &'static str,
    /// What it does there, such as "hedges".
    does: &'static str,
    /// What it is, such as "a hedge".
    what: &'static str,
}

choice! {
    /// A layer of a policy.
    pub(crate) enum Layers: Box<dyn Layer> {
        timeout(timeout::Timeout) => boxed,
        retry(retry::Retry) => boxed,
        breaker(breaker::Breaker) => identity,
        bulkhead(bulkhead::Bulkhead) => boxed,
        throttle(throttle::Throttle) => boxed,
        outlier(outlier::Outlier) => boxed,
        hedge(hedge::Hedge) => boxed,
        fallback(fallback::Fallback) => boxed,
        singleflight(singleflight::Singleflight) => boxed,
        thread_pool(thread_pool::ThreadPool) => boxed,
        limit(limit::Limit) => boxed,
        rate_limit(rate_limit::RateLimit) => boxed,
        shed(shed::Shed) => identity,
        balance(balance::Balance) => boxed,
        deadline(deadline::Deadline) => boxed,
    }
}

fn boxed<L: Layer + 'static>(layer: L) -> Box<dyn Layer> {
    Box::new(layer)
}
