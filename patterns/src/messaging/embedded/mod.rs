//! A broker within a process.
//!
//! A queue need not be a server. Where producers and consumers are of one process, or one process stands between
//! them anyway, a broker of its own is one more thing that fails. [`Embedded`] is one as a library: in memory, or on
//! whatever [`Store`](crate::store::Store) there is, with what that promises.
//!
//! ```
//! use std::sync::Arc;
//! use cascadia_patterns::messaging::embedded::Embedded;
//! use cascadia_patterns::messaging::{
//!     Batch, Broker, BrokerError, Fed, Message, Settle, Start, Subscription, TopicSettings,
//! };
//! use cascadia_patterns::store::MemoryStore;
//! use cascadia_runtime::TokioWorld;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let broker = Embedded::open(TokioWorld::new(), Arc::new(MemoryStore::new()), "bus").await?;
//! broker.declare("orders".into(), TopicSettings::queue()).await?;
//! let subscription =
//!     Subscription { start: Start::Earliest, ..Subscription::new("orders", "shop") };
//! let mut feed = broker.subscribe(subscription).await?;
//!
//! let receipt = broker.publish(Batch::new(("orders", 0), [Message::new("one")])).await?;
//! assert_eq!(receipt.added, 1);
//! let Some(Ok(Fed::Delivery(delivery))) = feed.next().await else { panic!("it is there") };
//! assert_eq!(delivery.message.bytes(), b"one");
//! broker.settle(&[delivery.id], Settle::Ack).await?;
//! # Ok::<(), BrokerError>(())
//! # }).unwrap();
//! ```

mod answer;
mod broker;
mod burying;
mod feed;
mod feeding;
mod grouped;
mod grouping;
mod open;
mod rows;
mod seat;
mod settling;
mod shared;
mod state;
#[cfg(test)]
mod tests;
mod ticking;
mod topics;
mod transacting;
mod waking;
mod work;

pub use self::broker::{Embedded, MOST_BATCH_BYTES};
