//! What a run costs, worked out before it is made.
//!
//! # The problem
//!
//! A file of three hundred bytes can ask for anything: ten million clients, a window of a thousand buckets
//! for each of them, a queue that grows by a million a second, retries of retries of retries. Bounds on each
//! number by itself say nothing, for the cost is in the products. So all of it is worked out here, from
//! the plan, as one sum: how many events there will be, how much memory is taken at most at a time, how
//! much is written, and how many calls one request may become. What is above a limit is refused at the line
//! that most of it comes from.
//!
//! The figures are those that are to be expected, not the least that are possible. Where something goes
//! wrong, or there is more work than workers, calls are expected to fail, and to be tried as often as their
//! policies allow.

mod beats;
mod consumed;
mod cost;
mod depth;
mod events;
mod limits;
mod mail;
mod memory;
mod output;
mod post;
mod sizes;
mod traffic;
mod tries;
mod trouble;
mod walk;

use cascadia_models::plan::Plan;

pub use self::cost::{Bill, Cost, Item};
pub(crate) use self::limits::{most_held, refuse, too_many_replicas};

use self::memory::memory;
use self::output::output;
use self::traffic::Traffic;
use super::Graph;
use crate::read::File;

/// What a run of a plan costs.
pub(crate) fn bill(plan: &Plan, graph: &Graph, file: &File<'_>) -> Bill {
    let traffic = Traffic::new(plan, graph, file);
    Bill {
        events: traffic.events(plan, graph, file),
        memory: memory(plan, graph, &traffic, file),
        output: output(plan, &traffic, file),
        depth: depth::depth(plan, graph, file),
    }
}
