//! What a file has: its sections and the elements in them, as they are written.

mod check;
mod consume;
mod elected;
mod ledger;
mod link;
mod run;
mod scenario;
mod service;
mod store;
mod variant;

pub use self::run::MOST_SEEDS;

pub(crate) use self::check::CheckText;
pub(crate) use self::consume::Consume;
pub(crate) use self::ledger::Ledger;
pub(crate) use self::link::Link;
pub(crate) use self::run::Run;
pub(crate) use self::scenario::Scenario;
pub(crate) use self::service::{Endpoint, Properties, Service, Trace};
pub(crate) use self::store::Store;
pub(crate) use self::variant::{Expect, Variant};
