//! What was on the wire around one message, or one saga.
//!
//! # The problem
//!
//! Which message is worth a closer look is known when it is lost, and what was sent before that has gone by
//! then. Whoever keeps all that is sent, in case it will be asked for, pays for it in every run and in
//! memory that grows with the run.
//!
//! A run is a function of its plan, so nothing has to be kept: a first run says which message it is (a
//! [`Suspect`]), at the cost of a comparison for each message that is done, and a second run of the same plan
//! looks at nothing else ([`capture`](crate::run::capture)). It ends when the first one noticed. What it keeps
//! is bounded: so many things that were sent of the message, the first and the last, and so many beside each of them.
//!
//! Of sagas it is the first orphan, or the first that is stuck, with what its orchestrators and the services said of it to each
//! other (`models/src/saga/suspect.rs`); of those that go by events one that stands still, and what was told of it
//! (`models/src/saga/events/suspect.rs`); of what is done together what was in doubt for longest
//! (`models/src/saga/two_phase/suspect.rs`).
//!
//! What is sent is opaque to the world. Who builds the places of a group reads it, by a [`Dissector`].

mod dissector;
mod recorder;
mod suspect;
mod transit;

pub use self::dissector::{Dissector, Mark, Said};
pub(crate) use self::recorder::Recorder;
pub use self::suspect::{Suspect, Suspicion};
pub use self::transit::{Capture, Fate, Transit};
