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
    /// The request may be sent twice: its method is idempotent or it carries a key.
    pub fn is_repeatable(&self) -> bool {
        self.safe || self.key.is_some()
    }
}
