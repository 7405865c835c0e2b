//! The layers of policies: how each is drawn, and where it stands.
//!
//! Which kinds there are says the schema of files, and what is drawn of one; where it may stand says
//! the language. A kind of which that brings out too little is drawn in a way of its own.

mod bounds;
mod breaker;
mod by_schema;
mod choice;
mod cooldown;
mod keys;
mod kinds;
mod place;
mod rates;
mod retry;
mod time;

use std::sync::LazyLock;

use serde_json::Value;

use super::Generator;
use crate::generated::schema::committed;

pub(super) use self::place::Place;
pub(crate) use self::place::stack;
pub(super) use self::rates::discipline;

/// A kind of layer.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    /// What files call it.
    pub(crate) name: &'static str,
    /// Where it may stand.
    pub(super) place: Place,
    /// It may be in the policy of a fallback.
    pub(super) in_fallback: bool,
}

/// Draws the settings of a layer.
type Draw = fn(&mut Generator) -> Value;

/// Kinds that are drawn in a way of their own.
pub(in crate::generated) const DRAWN: [(&str, Draw); 16] = [
    ("timeout", time::timeout),
    ("retry", retry::retry),
    ("breaker", breaker::breaker),
    ("bulkhead", bounds::bulkhead),
    ("throttle", rates::throttle),
    ("cooldown", cooldown::cooldown),
    ("outlier", choice::outlier),
    ("hedge", choice::hedge),
    ("fallback", choice::fallback),
    ("thread_pool", bounds::thread_pool),
    ("limit", bounds::limit),
    ("rate_limit", rates::rate_limit),
    ("shed", rates::shed),
    ("balance", choice::balance),
    ("deadline", time::deadline),
    ("idempotency", keys::idempotency),
];

/// Every kind of layer there is.
pub(crate) fn kinds() -> &'static [Kind] {
    static KINDS: LazyLock<Vec<Kind>> =
        LazyLock::new(|| committed().layers().map(|(name, _)| place::kind(name)).collect());
    &KINDS
}

/// Draws the settings of a layer that files call so.
pub(super) fn draw(all: &mut Generator, name: &str) -> Value {
    let mut layer = settings(all, name);
    kinds::put(all, name, &mut layer);
    layer
}

fn settings(all: &mut Generator, name: &str) -> Value {
    if let Some((_, draw)) = DRAWN.iter().find(|(known, _)| *known == name) {
        return draw(all);
    }
    let (_, part) = committed().layers().find(|(known, _)| *known == name).expect("it is a layer");
    all.by_schema(part)
}
