//! Whatever lives at a place: it boots, receives, dies, and has rows of figures and invariants.
//!
//! What they say to each other they [send](Life::send), or keep [connections](Life::connect) for it, on which nothing
//! overtakes anything. A group may have [parts](Build::parts) with figures of their own, and something in
//! [common](Build::common) that is no place's.
//!
//! A [`Plan`](crate::plan::Plan) carries who [`Build`]s the components of a group of places; the
//! world knows no kinds. Calls, links and faults name a component as they name a service, whose
//! replicas are components, too.
//!
//! ```
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicU64, Ordering};
//!
//! use cascadia_models::component::{Body, Build, Component, Envelope, Life, Place, Row, Rows};
//!
//! /// Answers whoever asks.
//! #[derive(Default)]
//! struct Echo(AtomicU64);
//!
//! impl Component for Echo {
//!     fn boot(self: Arc<Self>, _: Life) {}
//!
//!     fn receive(self: Arc<Self>, envelope: Envelope) {
//!         if let Body::Request(exchange) = envelope.body {
//!             self.0.fetch_add(1, Ordering::Relaxed);
//!             exchange.succeed();
//!         }
//!     }
//!
//!     fn rows(&self, rows: &mut Rows) {
//!         rows.add("echoed", self.0.load(Ordering::Relaxed));
//!     }
//! }
//!
//! #[derive(Debug)]
//! struct Echoes;
//!
//! impl Build for Echoes {
//!     fn rows(&self) -> &'static [Row] {
//!         const { &[Row::count("echoed", "Requests answered.")] }
//!     }
//!
//!     fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
//!         Arc::new(Echo::default())
//!     }
//! }
//! ```

mod change;
mod connection;
mod death;
mod drained;
mod envelope;
mod flow;
mod invariant;
mod life;
mod outbox;
mod parcel;
mod part;
mod place;
mod rows;

use std::any::Any;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use cascadia_runtime::Time;

use crate::capture::{Dissector, Suspect};

pub use self::change::{Change, Member, Watcher};
pub use self::connection::Connection;
pub use self::death::Death;
pub use self::drained::Drained;
pub use self::envelope::{Body, Envelope};
pub use self::invariant::Invariant;
pub use self::life::Life;
pub use self::parcel::Parcel;
pub use self::part::Part;
pub use self::place::Place;
pub use self::rows::{Row, RowKind, Rows};
pub use crate::exchange::Exchange;
pub use crate::ids::PlaceId;
pub use crate::plan::Errors;
pub use crate::tries::Tries;

pub(crate) use self::connection::{Lane, Way};
pub(crate) use self::death::Held;
pub(crate) use self::flow::Flow;
pub(crate) use self::life::Ground;
pub(crate) use self::outbox::{Outbox, Sent};

/// Something that lives at a place.
pub trait Component: Send + Sync {
    /// A life begins, the first at the beginning of the run. Whatever an earlier one left behind is
    /// gone, but for what the component keeps itself.
    fn boot(self: Arc<Self>, life: Life);

    /// Something is delivered. It comes while the component is up, and never afterwards.
    fn receive(self: Arc<Self>, envelope: Envelope);

    /// It is to leave: no more calls come. It keeps `drained` while anything is under way, and lives
    /// until that is dropped.
    fn drain(self: Arc<Self>, _: Drained) {}

    /// A life ends, by a fault, with the run or as the last before it leaves. Its tasks end next.
    fn end(&self, _: Death) {}

    /// The tasks of a life have ended, too.
    fn ended(&self, _: Death) {}

    /// Work takes longer or goes wrong from now on, or no longer.
    fn strike(&self, _: Strike, _begins: bool) {}

    /// Tells its figures: what it has counted since the beginning of the run, and what there is now.
    fn rows(&self, _: &mut Rows) {}

    /// About how many bytes it takes to keep what it keeps.
    fn held(&self) -> u64 {
        0
    }

    /// The laws that it must have kept in every run; its place is added to their names.
    fn invariants(&self) -> Vec<Invariant> {
        Vec::new()
    }
}

/// What a fault does to the work of a component.
#[derive(Clone, Debug, PartialEq)]
pub enum Strike {
    /// Work that is begun takes so many times as long, to its end.
    Slow(f64),
    /// Work in progress takes so many times as long.
    Stretch(f64),
    /// This fault answers requests with an error.
    Fail(usize, Arc<Errors>),
}

/// Who builds the components of a group of places.
pub trait Build: fmt::Debug + Send + Sync + UnwindSafe + RefUnwindSafe {
    /// Asking one of them twice does no harm, so it may be retried.
    fn is_safe(&self) -> bool {
        false
    }

    /// They keep something on the disks of their places.
    fn keeps(&self) -> bool {
        false
    }

    /// What all of them have in common in a run, apart from the network: what is known of them from
    /// outside. They get it by [`Life::common`].
    fn common(&self) -> Arc<dyn Any + Send + Sync> {
        Arc::new(())
    }

    /// Who is told of them how long each request may come, by what they have in common.
    fn tries(&self, _: &Arc<dyn Any + Send + Sync>) -> Option<Arc<dyn Tries>> {
        None
    }

    /// Their figures.
    fn rows(&self) -> &'static [Row];

    /// What they have figures of besides those of the group as a whole: of what they keep or carry.
    fn parts(&self) -> Vec<Part> {
        Vec::new()
    }

    /// The figures of one of these parts now, by its position.
    fn part(&self, _: &Arc<dyn Any + Send + Sync>, _part: usize, _now: Time, _: &mut Rows) {}

    /// What is to be said of a part at the end, such as what went wrong first.
    fn remarks(&self, _: &Arc<dyn Any + Send + Sync>, _part: usize) -> Vec<String> {
        Vec::new()
    }

    /// The message of a run that is worth the closest look, if what they say to each other has any.
    fn suspect(&self, _: &Arc<dyn Any + Send + Sync>) -> Option<Suspect> {
        None
    }

    /// Who reads what they say to each other and to others, with an eye on that message.
    fn dissector(&self, _: &Arc<dyn Any + Send + Sync>, _: &Suspect) -> Option<Box<dyn Dissector>> {
        None
    }

    /// The name of another group that all goes through that they say to each other, if there is one.
    fn through(&self) -> Option<&str> {
        None
    }

    /// The laws that all of them together must have kept.
    fn laws(&self, _: &Arc<dyn Any + Send + Sync>) -> Vec<Invariant> {
        Vec::new()
    }

    /// The one that lives at `place`.
    fn build(&self, place: &Arc<Place>) -> Arc<dyn Component>;
}
