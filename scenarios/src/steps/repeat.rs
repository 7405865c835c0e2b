use std::convert::identity;

use cascadia_models::plan;

use super::place::Place;
use super::{Step, StepKind};
use crate::decode::{Apart, either, list_items, object};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;

/// Most turns.
const MOST: u32 = 10_000;

object! {
    /// Does steps several times, one after the other: pages of a list, a query for each row.
    pub(super) struct Repeat {
        /// How often: a whole number, or the least and the most.
        repeat: Times,
        /// What is done each time.
        _steps as "steps": Apart<Vec<Step>>,
    }
}

either! {
    /// How often something is done.
    pub(super) enum Times: Between {
        u32 => |times| Between { min: times, max: times },
        Between => identity,
    }
}

object! {
    /// A whole number between two, each as likely as any other.
    pub(super) struct Between {
        /// The least.
        min: u32,
        /// The most, at most 10000.
        max: u32,
    }
}

impl StepKind for Repeat {
    fn plan(
        &self,
        place: &mut Place<'_, '_>,
        branches: Vec<Vec<plan::Step>>,
    ) -> Option<plan::Step> {
        let Between { min, max } = self.repeat;
        if min > max || max > MOST {
            let message = format!("from {min} to {max} times is out of range");
            let span = place.node.span_of("repeat");
            let help = format!("the least is not above the most, and that not above {MOST}");
            place
                .report
                .push(Diagnostic::error("S030", message).at(span, "out of range").help(help));
        }
        let steps = branches.into_iter().next()?;
        Some(plan::Step::Repeat { times: plan::Times { min, max }, steps })
    }

    fn branches<'a>(&self, node: &'a Node, report: &mut Report) -> Vec<&'a [Node]> {
        vec![list_items(node.get("steps"), report).unwrap_or_default()]
    }
}
