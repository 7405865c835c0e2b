//! Where the time of a request went: the calls made for it, and what became of each.
//!
//! # The problem
//!
//! That a third of all requests timed out, and which layer stopped waiting for most of them, does not show what such
//! a request goes through: three tries, two of them in the queue of one replica, and a breaker that opened between
//! them. Whoever wants to see that has to follow a request from its beginning, and which one is worth it is known
//! when it has ended. To follow all of them, in case they will be asked for, is paid for by every run.
//!
//! A run is a function of its plan, so nothing has to be kept: a first run says which requests they are, and a second
//! run of the same plan ([`trace`](crate::run::trace)) follows those. Stacks are then built with something around each
//! layer (`models/src/stack/around.rs`), and hops tell of what they carry (`models/src/hop/followed.rs`). In a run that
//! follows nobody there is none of this, and no question whether there is.
//!
//! Following changes nothing: the digest of the second run is that of the first, which whoever asked for it can see.
//!
//! # What is kept
//!
//! A span begins when something is called and ends when the caller knows its end, or has gone. What goes on for a
//! caller that has gone is no part of the request's time, so spans lie within that for which they were made. A layer
//! is shown where it did something: refused, waited, or made other than one call of one (`models/src/trace/tree.rs`).

mod drafts;
mod note;
mod search;
mod span;
mod tracer;
mod tree;
mod wanted;

pub(crate) use self::note::{End, What};
pub use self::span::{Said, Span, SpanKind, Trace};
pub(crate) use self::tracer::Tracer;
pub use self::wanted::Wanted;
