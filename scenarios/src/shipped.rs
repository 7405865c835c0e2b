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
    "bulkheads": "one sick dependency of three, with a compartment for each, for all, and none"
    "cascade": "a slow database takes a whole shop down through exhausted workers; a bulkhead contains it"
    "chain-vs-parallel": "three calls one after the other, and side by side"
    "min-rtt": "an adaptive limit that measures itself, in a fleet that does it together and one that does not"
    "mm1": "one queue at 80 % load against its closed form; a million requests"
    "retry-storm": "a ten second slowdown, and which retry policy turns it into an outage without end"
    "sick-replica": "one slow replica of eleven, and what each balancer makes of it"
    "stale-queue": "a queue in order works for callers that have gone; CoDel and last come, first served"
    "zone-loss": "a zone disappears without a word; breakers and a retry budget save the rest"
}
