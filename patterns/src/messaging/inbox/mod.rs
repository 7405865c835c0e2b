//! Does a message once, however often it comes.
//!
//! Whoever delivers a message at least once delivers some twice: an acknowledgement is lost, a consumer is slow, a relay dies before
//! it has written down that it has published. A list of ids in memory forgets with the process. One in another store is written before the
//! effect, and the effect is lost with a crash between the two, or after it, and the effect is there twice. So the id is
//! written in the transaction of the effect: both are there, or none.
//!
//! ```text
//!  delivery ─▶ known? ── yes ─▶ acknowledge, do nothing
//!                │ no
//!                └─▶ transaction: id := now, effect ─▶ commit ─▶ acknowledge
//!                                                      └─ conflict: somebody was first, look again
//! ```
//!
//! # The window
//!
//! Ids are not kept for ever. When the [window](InboxConfig::window) of one is over it is forgotten ([`Inbox::forget`]), and the message, if it comes
//! again then, is done again. So the window must be longer than a message can come again, which [`InboxConfig::covers`] asks of a
//! subscription. What was published before the window and is not known may be the first of its kind, after a long outage, or a
//! second that was forgotten: nobody can tell. It is *counted*, and done or [refused](Beyond::Refuse) as was said.
//!
//! # What is promised
//!
//! | settings | the effect of a message |
//! |---|---|
//! | effects in the transaction, window longer than messages come again | is there once |
//! | a window that is shorter | may be there twice, counted as `beyond`; with [`Refuse`](Beyond::Refuse), may be missing, counted too |
//! | effects elsewhere | at least once: nothing here helps |
//! | a message without an id | is not known again; counted as `nameless` |
//!
//! | others | the same | differ |
//! |---|---|---|
//! | MassTransit `InboxState` | consumer and message id, in the transaction; `DuplicateDetectionWindow` 30 min | keeps what the consumer has published, too, and delivers that after the commit (`what_is_committed_has_its_effect_once_among_competing_consumers`) |
//! | Kafka transactions | offsets in the transaction of what is produced | effects in a database are not in it (`an_effect_is_there_once`) |
//! | SQS FIFO, JetStream | a window of 5 min, of 2 min | of the publisher's duplicates, not of redeliveries (`a_window_that_is_too_short_is_found`, `a_message_is_known_by_its_id_for_the_window_and_not_longer`) |
//!
//! ```
//! # use std::sync::Arc;
//! use cascadia_patterns::messaging::Delivery;
//! use cascadia_patterns::messaging::inbox::{Inbox, Known};
//! use cascadia_patterns::store::{Store, StoreError};
//! use cascadia_runtime::Wall;
//!
//! async fn pay(
//!     inbox: &Inbox, store: &Arc<dyn Store>, now: Wall, order: &Delivery,
//! ) -> Result<bool, StoreError> {
//!     let Known::First(mut transaction) = inbox.begin(store, now, order).await? else {
//!         return Ok(false);
//!     };
//!     transaction.put("order/7", "paid");
//!     transaction.commit().await?;
//!     Ok(true)
//! }
//! ```

mod config;
mod ledger;
mod rows;
#[cfg(test)]
mod tests;

pub use self::config::{Beyond, InboxConfig};
pub use self::ledger::{Inbox, InboxCounts, Known};
