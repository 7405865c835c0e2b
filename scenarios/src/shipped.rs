//! The shipped scenarios.

/// A scenario that comes with the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// What it shows, in one line.
    pub purpose: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($name:literal: $purpose:literal)*) => {
        /// Every shipped scenario, by name.
        pub const ALL: &[Shipped] = &[$(Shipped {
            name: $name,
            purpose: $purpose,
            text: include_str!(concat!("../", $name, ".json")),
        },)*];
    };
}

shipped! {
    "backoff-herd": "a thousand devices lose their server together, and come back together without jitter"
    "cascade": "a slow database takes a whole shop down through exhausted workers; a bulkhead contains it"
    "chain-vs-parallel": "three calls one after the other, and side by side"
    "lost-deadline": "one service does not hand the deadline on, and the database works for users who have left"
    "mm1": "one queue at 80 % load against its closed form; a million requests"
    "retry-backoff": "exponential backoff does not stop a retry storm; a budget or a breaker does"
    "retry-storm": "a ten second slowdown, and which retry policy turns it into an outage without end"
    "sick-replica": "one slow replica of eleven, and what each balancer makes of it"
    "timeouts": "a dead service and callers that wait for ever, for half a minute, or for what they can spare"
    "zone-loss": "a zone disappears without a word; breakers and a retry budget save the rest"
}
