//! What every store must do: one suite for all of them.
//!
//! | part | shows |
//! |---|---|
//! | [`CASES`] | each promise by an example, on an empty store |
//! | [`compare`] | that a store and a simple model answer alike, whatever they are asked |
//! | [`Workload`], [`Journal`] | that, whenever it was killed, what was acknowledged is there and nothing half is |
//! | [`transfers`] | that transactions of many at a time happen one after another |
//! | [`Halted`] | what becomes of those that go on behind any of their commits |
//!
//! All of it asserts, and names no runtime: what is to happen at the same time is
//! [interleaved](interleave) as a stream of random numbers says.

mod cases;
mod changes;
mod concurrent;
mod halted;
mod interleave;
mod journal;
mod model;
#[cfg(test)]
mod tests;
mod transactions;
mod workload;

use std::sync::Arc;

pub use self::concurrent::transfers;
pub use self::halted::{Halted, Moment};
pub use self::interleave::{interleave, step};
pub use self::journal::Journal;
pub use self::model::compare;
pub use self::workload::{Teller, Told, Workload, attempt};
use super::contract::Store;
use crate::call::BoxFuture;

/// A case, to be run on an empty store of its own.
pub type Case = fn(Arc<dyn Store>) -> BoxFuture<()>;

macro_rules! cases {
    ($($module:ident: $($name:ident),+;)+) => {
        /// All cases with their names.
        pub const CASES: &[(&str, Case)] = &[
            $($((stringify!($name), |store| Box::pin($module::$name(store)))),+),+
        ];
    };
}

cases! {
    cases: a_row_is_read_as_it_was_written, a_commit_writes_all_or_nothing,
        several_commits_are_made_one_or_given_back,
        each_condition_holds_or_conflicts, a_range_sees_every_change,
        an_empty_commit_only_asks, what_is_too_large_is_refused,
        keys_are_ordered_byte_by_byte, pages_follow_each_other, all_reads_are_of_one_state;
    changes: changes_are_whole_and_in_order, changes_are_waited_for,
        what_is_forgotten_is_compacted, a_watch_sees_its_range_only;
    transactions: reads_see_own_writes, values_that_are_read_together_are_each_of_its_key,
        two_of_one_state_do_not_both_commit, a_read_after_a_change_conflicts_at_once,
        write_skew_on_a_range_is_refused, a_reader_that_nobody_disturbs_commits;
}
