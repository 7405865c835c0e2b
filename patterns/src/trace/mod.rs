//! One id for a user's request, wherever it goes.
//!
//! A request of a user becomes dozens of calls: over services, tried again, sent twice, answered by
//! a fallback. Logs of each can be put together only by an id that all of them carry, and the first
//! that forgets to hand it on cuts the trace in two. So the id is part of the
//! [`Baggage`](crate::call::Baggage), which every layer passes on and every hop carries: a retry, a
//! copy and a fallback have it without doing anything for it.
//!
//! A [`TraceLayer`] at the edge of a service continues the trace of the request or begins one, and
//! innermost in the stack of a call it gives every try, every copy and every fallback a span of its
//! own, whose parent is the span that they all serve. Ids are drawn from the layer's own stream: in
//! a simulation they are the same in every run.
//!
//! On the wire it is W3C Trace Context: [`accept`] reads the headers of a request and [`forward`]
//! writes those of the next. What that says in detail, and is often got wrong:
//!
//! | rule | here |
//! |---|---|
//! | a trace or span of all zeros is none; the trace begins anew | [`TraceParent::parse`] |
//! | there is no version ff; of versions above 00 the first four fields are read | [`TraceParent::parse`] |
//! | a `traceparent` given twice is none | [`accept`] |
//! | without a valid `traceparent` the `tracestate` is not read, and not the other way round | [`accept`] |
//! | `tracestate` has at most 32 entries, each key once; what is changed moves to the front | [`TraceState`](crate::call::TraceState) |
//! | at least 512 characters of it are handed on, long entries being dropped first | [`TraceState::shortened`](crate::call::TraceState::shortened) |
//!
//! The correlation id (`X-Correlation-ID`) is for those who do not trace: the one that the user sent
//! is accepted if it is printable and at most 128 characters long (ours), else the trace is it;
//! it is sent back with the answer ([`echo`]) and forwarded.
//!
//! ```
//! use cascadia_patterns::{call::Baggage, trace::{accept, echo, forward}};
//!
//! let headers = [
//!     ("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
//!     ("X-Correlation-ID", "order-17"),
//! ];
//! let mut baggage = Baggage::default();
//! accept(&mut baggage, headers.into_iter());
//! assert_eq!(echo(&baggage), Some(("x-correlation-id", "order-17".to_owned())));
//! assert_eq!(forward(&baggage)[0].1, headers[0].1);
//! ```
//!
//! Elsewhere: OpenTelemetry `TraceContextPropagator`, Finagle `Trace`, tower-http `request_id` and
//! `propagate_header`; Envoy makes an `x-request-id`.
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`trace`](self) | always on | `tracing`, `x-request-id` | | | | `Trace` |

mod config;
mod headers;
mod layer;
mod parent;
#[cfg(test)]
mod tests;

use cascadia_runtime::Runtime;

use crate::policy::Policy;
use crate::sample::{Sample, env};

pub use self::config::TraceConfig;
pub use self::headers::{accept, echo, forward};
pub use self::layer::TraceLayer;
pub use self::parent::TraceParent;

pub(crate) const POLICY: Policy = Policy { name: "trace", files: Some(&[]), ..Policy::EMPTY };

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    vec![Sample {
        name: "trace",
        shown: ["TraceLayer", "restart: false", ""],
        ..Sample::alike(|world, inner| TraceLayer::new(TraceConfig::default(), env(world), inner))
    }]
}
