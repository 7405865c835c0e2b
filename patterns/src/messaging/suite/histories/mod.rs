mod crashes;
mod delivery;
mod groups;
mod partitions;
mod settling;

use super::history::History;
use crate::messaging::capabilities::Capability::{
    Abandon, AckThrough, Attempts, Broadcast, Competing, DeadLetter, Declare, Dedupe, Delay,
    Exclusive, Expiry, Partitions, Replay, Requeue, SeekOffset, Working,
};

macro_rules! histories {
    ($(#[$doc:meta])* $all:ident: $($module:ident::$name:ident $(+ $restarts:ident)?: $($need:ident),*;)+) => {
        $(#[$doc])*
        pub const $all: &[History] = &[$(History {
            name: stringify!($name),
            needs: &[$($need),*],
            restarts: false $(|| stringify!($restarts).is_ascii())?,
            act: |stage| Box::pin($module::$name(stage)),
        }),+];
    };
}

histories! {
    /// Those of a broker that keeps what it has confirmed.
    HISTORIES:
    delivery::messages_are_delivered_in_their_order: ;
    delivery::a_message_arrives_as_it_was_sent: ;
    delivery::a_message_is_known_again_by_its_id: Dedupe;
    delivery::what_says_the_same_is_another_message: ;
    delivery::what_is_done_comes_no_more: Requeue;
    delivery::a_slow_consumer_has_no_more_than_it_asked_for: Requeue;
    delivery::a_paused_feed_is_delivered_nothing: Requeue;
    delivery::a_drained_feed_ends: Requeue;
    delivery::what_was_published_before_is_read: Replay, Competing;
    settling::what_is_refused_comes_again: Requeue;
    settling::what_is_refused_is_before_what_came_after_it: Requeue;
    settling::what_is_refused_rests: Delay;
    settling::what_is_not_settled_in_time_comes_again: Requeue;
    settling::who_says_that_it_works_keeps_its_message: Working;
    settling::what_is_given_up_is_a_dead_letter: DeadLetter;
    settling::poison_is_a_dead_letter: Requeue, Attempts, DeadLetter;
    settling::what_nobody_takes_in_time_is_a_dead_letter: Requeue, DeadLetter, Expiry;
    settling::what_kills_its_consumers_is_a_dead_letter: Requeue, Attempts, DeadLetter;
    groups::two_of_a_group_share_its_messages: Competing, Requeue;
    groups::what_one_who_leaves_had_is_with_the_others: Competing, Requeue;
    groups::what_one_who_is_gone_had_stays_until_its_time_is_over: Competing, Requeue, Abandon;
    groups::each_subscriber_gets_everything: Broadcast;
    groups::each_group_gets_everything: Competing;
    groups::one_of_a_group_has_everything: Exclusive, Requeue;
    partitions::what_is_before_an_offset_is_done: AckThrough, Replay;
    partitions::partitions_go_to_those_who_are_there: AckThrough, Partitions;
    partitions::who_has_lost_a_partition_has_no_say: AckThrough, Partitions;
    partitions::a_group_reads_from_where_it_is_told: AckThrough, SeekOffset;
    crashes::what_was_confirmed_outlives_a_crash + restarts: Competing, Requeue;
    crashes::a_producer_finds_its_broker_again + restarts: Competing;
}

histories! {
    /// Those of a broker that keeps nothing beyond its own life.
    FORGETFUL:
    crashes::what_is_not_durable_is_gone_with_its_broker + restarts: Competing, Requeue, Declare;
}
