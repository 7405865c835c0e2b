//! What travels on the wire of HTTP and gRPC about tries and deadlines, and what statuses mean.
//!
//! A deadline is an instant of a clock, and the clocks of two machines differ, so what travels is
//! the time that is left; the time on the way is lost. A number of tries, a wait that a server asks
//! for and a status that says whether trying again can help have their headers and codes as well; a
//! server says by them what its own layers refused ([`http::status_of`]). All of them come from
//! somebody else: what cannot be read must not be taken for something.
//!
//! ```
//! use std::time::Duration;
//! use cascadia_patterns::call::Baggage;
//! use cascadia_patterns::wire::grpc;
//! use cascadia_runtime::Time;
//!
//! // A server takes the deadline from the request, and its own calls carry what is left of it.
//! let now = Time::from_nanos(7_000_000_000);
//! let deadline = grpc::decode_timeout("250m").map(|left| now + left);
//! let inbound = Baggage { deadline, ..Baggage::default() };
//! let later = now + Duration::from_millis(50);
//! let margin = Duration::from_millis(5);
//! assert_eq!(grpc::remaining(&inbound, later, margin), Some("195m".to_owned()));
//! ```
//!
//! Elsewhere: gRPC over HTTP/2 and A6, RFC 9110 §9.2.2, §10.2.3 and §15, RFC 6585, RFC 8470.

pub mod grpc;
pub mod http;
#[cfg(test)]
mod tests;
