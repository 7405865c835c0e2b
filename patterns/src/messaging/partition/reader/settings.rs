use std::time::Duration;

use crate::messaging::backoff::Backoff;
use crate::messaging::ids::Topic;
use crate::messaging::sharing::{Abandoned, AckMode, KeyOrder, LateAck};
use crate::messaging::start::Reset;
use crate::messaging::subscription::Subscription;

/// How messages are delivered to a group: the part of a [`Subscription`] that its partitions go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderSettings {
    /// As [`Subscription::ack`].
    pub ack: AckMode,
    /// As [`Subscription::ack_wait`].
    pub ack_wait: Duration,
    /// As [`Subscription::attempts`].
    pub attempts: Option<u32>,
    /// As [`Subscription::backoff`].
    pub backoff: Backoff,
    /// As [`Subscription::dead_letter`].
    pub dead_letter: Option<Topic>,
    /// As [`Subscription::late_ack`].
    pub late_ack: LateAck,
    /// As [`Subscription::abandoned`].
    pub abandoned: Abandoned,
    /// As [`Subscription::key_order`].
    pub key_order: KeyOrder,
    /// As [`Subscription::committed_only`].
    pub committed_only: bool,
    /// As [`Subscription::reset`].
    pub reset: Reset,
}

impl From<&Subscription> for ReaderSettings {
    fn from(subscription: &Subscription) -> Self {
        Self {
            ack: subscription.ack,
            ack_wait: subscription.ack_wait,
            attempts: subscription.attempts,
            backoff: subscription.backoff.clone(),
            dead_letter: subscription.dead_letter.clone(),
            late_ack: subscription.late_ack,
            abandoned: subscription.abandoned,
            key_order: subscription.key_order,
            committed_only: subscription.committed_only,
            reset: subscription.reset,
        }
    }
}
