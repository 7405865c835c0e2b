//! Who can serve a call: the endpoints of a service, as one caller knows them.
//!
//! A list of addresses would do if nothing ever changed. But endpoints come and go while calls are
//! under way, and then a position in a list is nobody's name: the third one leaves, another takes its
//! place, and the end of a call to the one is booked on the other, whose count of calls under way
//! goes wrong for ever; a retry stays away from an endpoint that it has not tried, and an ejection
//! falls on a bystander. And there are several who know something of an endpoint. Discovery says that
//! it is there, or is about to go; outlier detection, that it behaves unlike the others; a
//! breaker inside, that it lets nothing in for now. Where each keeps a list of its own, the lists
//! disagree.
//!
//! So an endpoint has a [key](EndpointKey) that is never given to another, and all that is
//! known of the endpoints is known to one [set](EndpointSet), through which all of them speak:
//!
//! | who | says | by |
//! |---|---|---|
//! | discovery | who joins, drains, leaves, and how much each can take | [`change`](EndpointSet::change) |
//! | outlier detection | whom to leave out for a while | [`eject`](EndpointSet::eject), [`restore`](EndpointSet::restore) |
//! | an answer | that an endpoint lets nothing in for a while | [`rest`](EndpointSet::rest) |
//! | a breaker inside | whether it lets a call in | [`Way::status`], asked of whoever is about to be chosen |
//! | a call | where it goes, and that it ended | [`book`](EndpointSet::book), [`on_ended`](EndpointSet::on_ended) |
//!
//! - *Who leaves.* An endpoint that leaves or drains gets no new call from that moment on, not even
//!   where there is no other. The calls that it has end as they would have, and are booked on it;
//!   with the last of them one that has left is forgotten.
//! - *Who joins* may be chosen at once. It has nothing under way, so a rule that goes by that sends
//!   to it first.
//! - *Who is probed.* A half-open breaker lets in a few calls, and its endpoint is ready for these.
//!   When they are taken it rests, and nobody knows until when.
//! - *What is remembered elsewhere* is remembered by key:
//!   where a call was [tried](crate::call::Tried), where its [copies](crate::call::Apart) are, and
//!   what [outlier detection](crate::outlier) counted.
//!
//! ```
//! use cascadia_patterns::call::{Call, Context, Failure, call_fn};
//! use cascadia_patterns::endpoints::{Endpoint, EndpointKey, EndpointSet, SetChange};
//! use std::sync::Arc;
//!
//! type Way = Arc<dyn Call<Context, (), ()>>;
//! let way = || -> Way { call_fn(|_| async { Ok::<_, Failure<()>>(()) }) };
//! let keys = [7, 9].map(EndpointKey::new);
//! let mut set = EndpointSet::default();
//! for key in keys {
//!     set.change(SetChange::Join { endpoint: Endpoint::new(key), way: way() });
//! }
//! let call = set.book(1);
//! set.change(SetChange::Leave(keys[1]));
//! assert_eq!((set.candidates().len(), set.outstanding(keys[1])), (1, Some(1)));
//! set.on_ended(call);
//! assert_eq!(set.outstanding(keys[1]), None);
//! ```
//!
//! Elsewhere: tower `Discover` and `Change` (by key, without draining), Envoy's host set and EDS
//! (`DRAINING` in the health of a host), gRPC's address list and its subchannels, the endpoints of
//! Finagle's `Balancer`.

mod change;
mod choice;
mod endpoint;
mod member;
mod set;
mod status;
#[cfg(test)]
mod tests;

pub use self::change::SetChange;
pub use self::endpoint::{Candidate, Endpoint};
pub use self::member::Booking;
pub use self::set::EndpointSet;
pub use self::status::{EndpointStatus, Way};
pub use crate::call::EndpointKey;
