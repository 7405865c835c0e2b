//! What the clients of a broker have at their places: a [`Broker`](cascadia_patterns::messaging::Broker)
//! that asks over the network.

mod feed;
mod handle;
mod member;
mod refresh;
mod remote;
mod room;
mod told;
mod views;
mod waiting;

pub(crate) use self::handle::RemoteBroker;
pub(crate) use self::remote::Remote;
