use cascadia_models::plan::{self, By};

use super::place::Place;
use super::{Step, StepKind};
use crate::decode::{Apart, list_items, object, words};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;

object! {
    /// Does one of several things.
    pub(super) struct Choose {
        /// The ways.
        choose: Vec<Way>,
        /// By what one of them is chosen.
        by: By = By::Request,
    }
}

object! {
    /// A way of several.
    pub(super) struct Way {
        /// Its part of the sum of all weights.
        weight: f64 = 1.0,
        /// What is done, one after the other.
        _steps as "steps": Apart<Vec<Step>>,
    }
}

words! {
    /// By what a way is chosen.
    "By" for By {
        /// Drawn for each request by itself.
        request => By::Request,
        /// By what the request is about: the same key always goes the same way.
        key => By::Key,
    }
}

impl StepKind for Choose {
    fn plan(
        &self,
        place: &mut Place<'_, '_>,
        branches: Vec<Vec<plan::Step>>,
    ) -> Option<plan::Step> {
        let sum: f64 = self.choose.iter().map(|way| way.weight).sum();
        let fits = self.choose.iter().all(|way| way.weight >= 0.0) && sum > 0.0 && sum.is_finite();
        if !fits {
            let message = "the weights must not be negative, and not all of them zero";
            let span = place.node.span_of("choose");
            let diagnostic = Diagnostic::error("S030", message).at(span, "nothing to choose");
            place.report.push(diagnostic.help("give at least one way a weight above 0, such as 1"));
        }
        let ways = self.choose.iter().zip(branches);
        let way = |(way, steps): (&Way, _)| plan::Way { weight: way.weight, steps };
        Some(plan::Step::Choose { ways: ways.map(way).collect(), by: self.by })
    }

    fn branches<'a>(&self, node: &'a Node, report: &mut Report) -> Vec<&'a [Node]> {
        let ways = node.get("choose").map(Node::items).unwrap_or_default();
        let steps = |way: &'a Node| list_items(way.get("steps"), report).unwrap_or_default();
        ways.iter().map(steps).collect()
    }
}
