mod carried;
mod ids;
mod state;

use std::sync::Arc;

use cascadia_runtime::Time;

pub use self::carried::Carried;
pub use self::ids::{Key, SpanId, TraceId};
pub use self::state::TraceState;

/// What a request carries over every hop, and hands on to the requests that are made for it.
#[derive(Clone, Debug, Default)]
pub struct Baggage {
    /// When the caller stops waiting. A hop carries it on, so work for nobody can be refused.
    pub deadline: Option<Time>,
    /// The method is idempotent (RFC 9110 §9.2.2): sending it twice does no harm.
    pub safe: bool,
    /// Makes an unsafe request safe to send twice.
    pub key: Option<Arc<Key>>,
    /// Importance under overload; 0 is the most important.
    pub priority: u8,
    /// How many hops lie between the user and this request.
    pub depth: u8,
    /// The user's request that this one serves.
    pub trace: TraceId,
    /// This request, as its caller knows it.
    pub span: SpanId,
    /// The trace is recorded.
    pub sampled: bool,
    /// What it carries along besides its trace.
    pub carried: Option<Arc<Carried>>,
}

impl Baggage {
    /// What another request carries that is made for this one. Whether that may be sent twice is
    /// its own affair, and no key of this one makes it so.
    #[must_use]
    #[inline]
    pub fn for_another(&self, safe: bool) -> Self {
        Self { safe, key: None, carried: self.carried.clone(), ..*self }
    }

    /// The request may be sent twice: its method is idempotent or it carries a key.
    pub fn is_repeatable(&self) -> bool {
        self.safe || self.key.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    #[test]
    fn what_makes_a_request_repeatable_does_not_pass_to_another() {
        let keyed = Baggage {
            deadline: Some(at(1)),
            safe: false,
            key: Some(Arc::new(Key("order-7".into()))),
            priority: 2,
            depth: 3,
            trace: TraceId(4),
            span: SpanId(5),
            sampled: true,
            carried: Some(Arc::default()),
        };
        assert!(keyed.is_repeatable() && !keyed.for_another(false).is_repeatable());
        let expected = Baggage { safe: true, key: None, ..keyed.clone() };
        assert_eq!(format!("{:?}", keyed.for_another(true)), format!("{expected:?}"));
    }
}
