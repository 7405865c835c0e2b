use std::sync::Arc;

use cascadia_runtime::Time;

use super::{Apart, Tie, Tried};
use crate::trace::Carried;

/// A request that a policy stack can carry.
pub trait Request: Send + 'static {
    /// What the layers know of the request.
    fn context(&self) -> &Context;

    /// The same, to be changed by a layer: a deadline, an attempt number.
    fn context_mut(&mut self) -> &mut Context;

    /// A copy to send once more, or `None` where the request cannot be sent twice.
    fn try_clone(&self) -> Option<Self>
    where
        Self: Sized;
}

/// What the layers of a stack know of a request, and hand on over every hop.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// When the caller stops waiting. A hop carries it on, so work for nobody can be refused.
    pub deadline: Option<Time>,
    /// The method is idempotent (RFC 9110 §9.2.2): sending it twice does no harm.
    pub safe: bool,
    /// Makes an unsafe request safe to send twice.
    pub key: Option<Key>,
    /// Importance under overload; 0 is the most important.
    pub priority: u8,
    /// Which try this is, from 0; with retries around retries, among all that there may be.
    pub attempt: u16,
    /// Which copy of a hedged call this is, from 0.
    pub copy: u8,
    /// Where the copies of a hedged call were sent. It ends at the balancer.
    pub apart: Option<Apart>,
    /// Ties the copies of a hedged call together. Whoever learns that the work on this request has
    /// begun says so to it.
    pub tie: Option<Tie>,
    /// Where the tries of a call were sent. It ends at the balancer.
    pub tried: Option<Tried>,
    /// This try is the last, and may take all the time there is until the deadline.
    pub takes_rest: bool,
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

impl Context {
    /// What crosses a hop, and what a request that is made for this one begins with. How often, by
    /// which copy and where a request is tried is the business of the stack that sends it, and ends
    /// with it.
    #[must_use]
    pub fn onward(&self) -> Self {
        Self {
            attempt: 0,
            copy: 0,
            apart: None,
            tie: None,
            tried: None,
            takes_rest: false,
            key: self.key.clone(),
            carried: self.carried.clone(),
            ..*self
        }
    }

    /// The request may be sent twice: its method is idempotent or it carries a key.
    pub fn is_repeatable(&self) -> bool {
        self.safe || self.key.is_some()
    }
}

/// The smallest request: a context and nothing else.
impl Request for Context {
    fn context(&self) -> &Self {
        self
    }

    fn context_mut(&mut self) -> &mut Self {
        self
    }

    #[inline]
    fn try_clone(&self) -> Option<Self> {
        Some(self.clone())
    }
}

/// An idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub Arc<str>);

/// Names one user request across all hops, as in W3C Trace Context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TraceId(pub u128);

/// Names one request of a trace; zero is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpanId(pub u64);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    #[test]
    fn what_belongs_to_one_stack_ends_with_it_and_everything_else_goes_on() {
        let what_goes_on = Context {
            deadline: Some(at(1)),
            safe: true,
            key: Some(Key("k".into())),
            priority: 2,
            depth: 3,
            trace: TraceId(4),
            span: SpanId(5),
            sampled: true,
            carried: Some(Arc::default()),
            ..Context::default()
        };
        let context = Context {
            attempt: 6,
            copy: 7,
            apart: Some(Apart::default()),
            tie: Some(Tie::default()),
            tried: Some(Tried::default()),
            takes_rest: true,
            ..what_goes_on.clone()
        };
        assert_eq!(format!("{:?}", context.onward()), format!("{what_goes_on:?}"));
    }
}
