//! Resilience and balancing policies, for any runtime.
//!
//! Each policy is a *core*, a state machine that is given the time and its randomness and is
//! therefore exact to test, and a thin *layer*, the only part that waits. A layer is a
//! [`Call`](call::Call) around another one, so a policy stack is an ordered list, outermost
//! first, and the order is its meaning.
//!
//! Every outcome is a value: a response, a service's error, a timeout or a rejection travels
//! through every layer of the stack ([`Failure`](call::Failure)), and dropping a call is a third
//! outcome that every layer accounts for.

pub mod call;
pub mod observe;
