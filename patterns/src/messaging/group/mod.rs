//! Who of a group reads which partitions.
//!
//! A partition has an order only if one consumer reads it at a time, and who that is changes: members come, die, or are
//! only slow and do not know that they were taken for dead. So somebody has to say who has what, and what a member
//! says that was replaced must not count: each distribution is a *generation*, and [`GroupCore::check`] knows the
//! current one (Kafka's group coordinator).
//!
//! ```text
//!             join                all joined, or the time is over
//!  EMPTY ────────────▶ PREPARING ──────────────────────────────▶ STABLE
//!    ▲                     ▲       generation + 1, all are told     │
//!    │  nobody is left     │        join, leave, silence, topics    │
//!    └─────────────────────┴─────────────────────────────────────────┘
//! ```
//!
//! *Eagerly*, all let go of everything before they join again: for that time nobody reads anything. *Cooperatively*,
//! they go on with what they have, and only what moves is let go of: it is in nobody's hands for one generation, as
//! it is given away only when who had it has joined again without it. That takes a second rebalance, and no third.
//!
//! | others | differ |
//! |---|---|
//! | Kafka, classic | a member that is elected assigns, and tells the coordinator with `SyncGroup`; here the coordinator assigns, so there is nothing to be synced, nor to loop in (`every_assignor_gives_everything_to_those_who_want_it_evenly`) |
//! | Kafka, KIP-848 | no rebalance of all: each member is told what has changed with its heartbeat (`a_cooperative_rebalance_moves_only_what_must_move_and_ends`) |
//! | RabbitMQ, JetStream, SQS | have no groups of partitions: [`Competing`](super::Sharing::Competing) (`competing_consumers_get_each_message_once`) |

mod assign;
mod config;
mod core;
mod event;
mod member;
mod rebalance;
#[cfg(test)]
mod tests;

pub use self::assign::{Assignment, assign};
pub use self::config::GroupConfig;
pub use self::core::GroupCore;
pub use self::event::{GroupError, GroupEvent};
pub use self::member::{Joining, Who};
