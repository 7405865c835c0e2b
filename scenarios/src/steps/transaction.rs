use cascadia_models::plan::{self, Act, Asked, Inside};

use super::call::CallEl;
use super::place::Place;
use super::row::{access, call};
use super::{Step, StepKind};
use crate::decode::{Apart, Text, list_items, object};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;

object! {
    /// Does several things at a store, of which all take effect or none. Meanwhile it keeps a worker of
    /// the store, and from its write on each row that it writes. Two that wait for each other are told
    /// apart: the one that came to wait last fails, as HTTP's 409 does.
    pub(super) struct Transaction {
        /// The store.
        _store as "transaction": Text,
        /// What is done, in order: `read` and `write` of this store without a policy, and `compute`,
        /// during which the store waits for who asked.
        _steps as "steps": Apart<Vec<Step>>,
        /// The policy that the call passes.
        policy: Option<Text> => "none",
    }
}

impl StepKind for Transaction {
    fn plan(
        &self,
        place: &mut Place<'_, '_>,
        branches: Vec<Vec<plan::Step>>,
    ) -> Option<plan::Step> {
        let mut all = access(Act::Transact, (None, self.policy.as_deref()), place)?;
        let plan::Step::Access { store, asked, .. } = &mut all else { return None };
        let steps = branches.into_iter().flatten();
        let inside: Option<Vec<Inside>> = steps.map(|step| inside(step, *store)).collect();
        match inside {
            Some(inside) => *asked = Asked { inside: Some(inside.into()), ..asked.clone() },
            None => {
                let message =
                    "a transaction reads and writes its own store, without a policy, and waits";
                let span = place.node.span_of("steps");
                let diagnostic =
                    Diagnostic::error("S047", message).at(span, "something else is done here");
                let help = "do everything else before or after it";
                place.report.push(diagnostic.help(help));
            }
        }
        Some(all)
    }

    fn call<'a>(&self, node: &'a Node) -> Option<CallEl<'a>> {
        call(Act::Transact, node)
    }

    fn branches<'a>(&self, node: &'a Node, report: &mut Report) -> Vec<&'a [Node]> {
        vec![list_items(node.get("steps"), report).unwrap_or_default()]
    }
}

/// What a step is inside of a transaction; nothing, if it cannot be there.
fn inside(step: plan::Step, of: plan::ServiceId) -> Option<Inside> {
    match step {
        plan::Step::Compute(law) => Some(Inside::Work(law)),
        plan::Step::Access { store, policy: None, asked, .. } if store == of => match asked.act {
            Act::Read => Some(Inside::Read(asked.row)),
            Act::Write => Some(Inside::Write(asked.row)),
            Act::Compare | Act::Transact => None,
        },
        _ => None,
    }
}
