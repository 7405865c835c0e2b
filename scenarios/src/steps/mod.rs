//! The kinds of steps: a file each, and a line in the list below.
//!
//! A file has what may be written, what it is in a plan, whom it calls and what it contains.
//! Nothing else knows of a kind. A step is an object that is described whole by its kind, which
//! the key of its name tells.

mod answer;
mod call;
mod chance;
mod choose;
mod compute;
mod element;
mod enter;
mod fail;
mod parallel;
mod place;
mod publish;
mod repeat;
mod request;
mod row;
mod transaction;

use std::fmt::Debug;

use cascadia_models::plan;

pub(crate) use self::call::CallEl;
pub(crate) use self::element::{Step, StepEl, calls, read};
pub(crate) use self::place::Place;

use crate::decode::choice;
use crate::diagnostics::Report;
use crate::text::Node;

/// What a kind of step is.
pub(crate) trait StepKind: Debug {
    /// What it is in a plan, with the steps of its branches. What is wrong with its settings is
    /// reported.
    fn plan(&self, place: &mut Place<'_, '_>, branches: Vec<Vec<plan::Step>>)
    -> Option<plan::Step>;

    /// Whom the step at `node` calls.
    fn call<'a>(&self, _node: &'a Node) -> Option<CallEl<'a>> {
        None
    }

    /// The branches of the step at `node`.
    fn branches<'a>(&self, _node: &'a Node, _report: &mut Report) -> Vec<&'a [Node]> {
        Vec::new()
    }
}

choice! {
    /// A step of the work of an endpoint: exactly one of the kinds.
    pub(crate) enum Steps: Box<dyn StepKind> {
        compute(compute::Compute) => boxed,
        call(call::Call) => boxed,
        parallel(parallel::Parallel) => boxed,
        fail(fail::Fail) => boxed,
        answer(answer::Answer) => boxed,
        chance(chance::Chance) => boxed,
        choose(choose::Choose) => boxed,
        repeat(repeat::Repeat) => boxed,
        read(row::Read) => boxed,
        write(row::Write) => boxed,
        compare_and_set(row::CompareAndSet) => boxed,
        transaction(transaction::Transaction) => boxed,
        publish(publish::Publish) => boxed,
        request(request::Request) => boxed,
        enter(enter::Enter) => boxed,
    }
}

fn boxed<S: StepKind + 'static>(step: S) -> Box<dyn StepKind> {
    Box::new(step)
}
