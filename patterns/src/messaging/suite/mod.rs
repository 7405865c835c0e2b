//! What messaging must do: on every store, and with every broker.
//!
//! Whatever is killed, an order that was acknowledged has its effect, once:
//!
//! ```text
//!  order, row of the outbox     one transaction
//!          │ relay
//!  broker, on the same store
//!          │ group
//!  effect, id in the inbox      one transaction
//! ```
//!
//! [`work`] and [`finish`] assert nothing, as whoever kills them knows what was acknowledged; [`Orders::broken`]
//! compares.
//!
//! A broker that says what it [can](crate::messaging::Broker::can) has promised it, and two of them that promise the
//! same must not differ. Documentation is no proof of that: [`HISTORIES`] are, each a short story that is played on a
//! [`Stage`] and that asserts what was delivered to whom, how often and in which order. What the broker denies is
//! skipped, and nothing else. What a history does not say itself is as [`Usual`] has it: the defaults of the system that is
//! played on, or whose part the embedded broker plays. A history takes at most some seconds of the stage's own time.
//!
//! A broker need not be durable: [`FORGETFUL`] histories are those of one whose topics are gone with it.
//!
//! What these do not show, nobody has thought of. So there are [`Tale`]s, too: histories that are drawn.

mod clock;
mod dated;
mod double;
mod histories;
mod history;
mod orders;
mod random;
mod stage;
#[cfg(test)]
mod tests;
mod trouble;
mod usual;

pub use self::dated::Dated;
pub use self::double::{Defect, Double};
pub use self::histories::{FORGETFUL, HISTORIES};
pub use self::history::{Act, History};
pub use self::orders::{Orders, finish, work};
pub use self::random::{Setting, Tale};
pub use self::stage::{Disturb, Restart, Stage};
pub use self::trouble::Trouble;
pub use self::usual::Usual;
