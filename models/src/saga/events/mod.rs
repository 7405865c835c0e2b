//! Sagas that nobody drives: services hear of what was done, do what follows, and tell of it.
//!
//! # The problem
//!
//! Where no orchestrator is, none can die. But what follows what is then scattered over services, an event that is lost is a
//! saga that stands still and says nothing, and whoever publishes an event beside its commit loses one now and then. Where the
//! state of a saga is, nobody knows. So what plays here are the members that run in production
//! ([`choreography`](cascadia_patterns::saga::choreography)), with a ledger and an outbox in one store, over the broker and
//! the network of the plan; and who watches is the [`Trace`](cascadia_patterns::saga::choreography::Trace) that would watch
//! there, and has no more than the events to go by.
//!
//! # One saga
//!
//! | | in | what happens |
//! |---|---|---|
//! | 1 | `models/src/saga/events/front.rs` | a request comes, and the first event is in an outbox, once for all its tries |
//! | 2 | `models/src/broker/sealed.rs` | a relay publishes it, with what this simulation must know of a message |
//! | 3 | `models/src/saga/events/member.rs` | a member of the service that has the next step hears of it |
//! | 4 | `models/src/saga/events/part.rs` | its endpoint works on it as on any request |
//! | 5 | `models/src/saga/events/books.rs` | effect, note, entries and the next event are one commit; again from 2 |
//! | 6 | `models/src/saga/events/hub.rs` | whoever began it hears all events too, and knows from them how it ended |
//!
//! A step at an endpoint that is not `once` is done by who does whatever comes, and tells of it beside what it does.
//!
//! # What is seen of it
//!
//! A saga has ended when its events say so, and is *stuck* when nothing was heard of it for too long: an event was lost, or
//! waits for somebody. One that was heard to go both ways has gone [astray](cascadia_patterns::saga::choreography::Trace::astray).
//!
//! # Determinism
//!
//! The work on a step is drawn from the key of the request that began its saga, whoever does it.

mod books;
mod build;
mod front;
mod hub;
mod member;
mod part;
mod plan;
mod reading;
mod suspect;

pub use self::build::Events;
pub(crate) use self::member::Member;
pub(crate) use self::part::Tools;
pub use self::plan::EventsPlan;
