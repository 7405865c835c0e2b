//! The layers of policies: the one list of their kinds, and how each is drawn.

mod bounds;
mod breaker;
mod choice;
mod rates;
mod retry;
mod singleflight;
mod time;

use serde_json::Value;

use super::Generator;

pub(super) use self::rates::discipline;

/// A kind of layer.
#[derive(Clone)]
pub(crate) struct Kind {
    /// What files call it.
    pub(crate) name: &'static str,
    /// Where it may stand.
    pub(super) place: Place,
    pub(super) draw: fn(&mut Generator) -> Value,
}

/// Where a layer may stand in a policy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    /// Anywhere, but not on arrival.
    Sending,
    /// Before the balancer.
    Outside,
    /// Directly before the balancer.
    Beside,
    /// It is the balancer.
    Middle,
}

/// Every kind of layer there is.
pub(crate) const LAYERS: [Kind; 15] = [
    Kind { name: "timeout", place: Place::Anywhere, draw: time::timeout },
    Kind { name: "retry", place: Place::Anywhere, draw: retry::retry },
    Kind { name: "breaker", place: Place::Anywhere, draw: breaker::breaker },
    Kind { name: "bulkhead", place: Place::Anywhere, draw: bounds::bulkhead },
    Kind { name: "throttle", place: Place::Anywhere, draw: rates::throttle },
    Kind { name: "outlier", place: Place::Beside, draw: choice::outlier },
    Kind { name: "hedge", place: Place::Outside, draw: choice::hedge },
    Kind { name: "fallback", place: Place::Anywhere, draw: choice::fallback },
    Kind { name: "thread_pool", place: Place::Anywhere, draw: bounds::thread_pool },
    Kind { name: "limit", place: Place::Anywhere, draw: bounds::limit },
    Kind { name: "rate_limit", place: Place::Anywhere, draw: rates::rate_limit },
    Kind { name: "shed", place: Place::Anywhere, draw: rates::shed },
    Kind { name: "balance", place: Place::Middle, draw: choice::balance },
    Kind { name: "singleflight", place: Place::Sending, draw: singleflight::singleflight },
    Kind { name: "deadline", place: Place::Anywhere, draw: time::deadline },
];
