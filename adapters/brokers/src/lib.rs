//! What the adapters of brokers share.
//!
//! Clients of brokers differ in all but this: a [`Feed`](cascadia_patterns::messaging::Feed) holds what was fetched and
//! is not settled yet, must not fetch more than it was given credit for, and loses what it holds when its time is
//! over or its connection gone. [`Station`] is that, once. Each adapter has a task a feed that asks it for
//! [room](Station::room), fetches as much from its server, and [delivers](Station::deliver) it, or has the user
//! [fetch](StationFeed::fetching) what has come when he waits for it; a settlement
//! [takes](Stations::find) what the server calls the message, and [concludes](Station::conclude) it when the server
//! has answered.
//!
//! Nothing here knows a server, opens a socket or draws a number. Time is tokio's.

mod denied;
mod feed;
mod held;
#[cfg(feature = "live")]
pub mod live;
mod servers;
mod station;
mod stations;
#[cfg(test)]
mod tests;
mod wanted;

pub use self::denied::{deny, invalid, need_none};
pub use self::feed::{Fetch, StationFeed};
pub use self::held::{Held, Origin};
pub use self::servers::can_settle;
pub use self::station::Station;
pub use self::stations::Stations;
pub use self::wanted::Wanted;
