use std::sync::Arc;

use cascadia_models::plan::{self, Act, Asked, Inside, Keeping, PublishPlan};
use cascadia_patterns::messaging::inbox::InboxConfig;

use super::call::CallEl;
use super::place::Place;
use super::publish::Publish;
use super::row::{access, call};
use super::{Step, StepKind};
use crate::decode::{Apart, Decode as _, Text, list_items, object};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;
use crate::units::Duration;

object! {
    /// Does several things at a store, of which all take effect or none. Meanwhile it keeps a worker of
    /// the store, and from its write on each row that it writes. Two that wait for each other are told
    /// apart: the one that came to wait last fails, as HTTP's 409 does.
    ///
    /// What it publishes is written to an outbox, and published when it has committed by a relay of the store.
    pub(super) struct Transaction {
        /// The store.
        _store as "transaction": Text,
        /// What is done, in order: `read` and `write` of this store without a policy, `publish`, and `compute`,
        /// during which the store waits for who asked.
        _steps as "steps": Apart<Vec<Step>>,
        /// The policy that the call passes.
        policy: Option<Text> => "none",
        /// How long the store knows which message this was done for. If that comes again meanwhile, nothing is
        /// done, and the step succeeds. What is done later is done again.
        once: Option<Duration> => "it is done whenever the message comes",
    }
}

/// What may be said of a message that a relay publishes.
const OF_RELAYED: [&str; 5] = ["publish", "keyed", "size", "id", "description"];

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
        asked.once = self.inbox(place);
        relayed(place);
        keeps_messages(asked, place);
        Some(all)
    }

    fn call<'a>(&self, node: &'a Node) -> Option<CallEl<'a>> {
        call(Act::Transact, node)
    }

    fn branches<'a>(&self, node: &'a Node, report: &mut Report) -> Vec<&'a [Node]> {
        vec![list_items(node.get("steps"), report).unwrap_or_default()]
    }
}

impl Transaction {
    /// How the message is known again that it is done for.
    fn inbox(&self, place: &mut Place<'_, '_>) -> Option<Arc<InboxConfig>> {
        let window = self.once?;
        // Of two windows the shorter one would forget for both.
        let prefix = format!("inbox/{}/", window.as_nanos());
        let inbox = InboxConfig { window, ..InboxConfig::new(prefix) };
        if let Err(error) = inbox.check() {
            let message = format!("`once` {}, which is one second", error.reason);
            let span = place.node.span_of("once");
            place.report.push(Diagnostic::error("S048", message).at(span, "too short"));
        }
        Some(Arc::new(inbox))
    }
}

/// Reports settings of a producer where a relay publishes.
fn relayed(place: &mut Place<'_, '_>) {
    let steps = place.node.get("steps").map(Node::items).unwrap_or_default();
    let known = Publish::shape().keys();
    for member in steps.iter().filter(|step| step.get("publish").is_some()).flat_map(Node::members)
    {
        let key = member.key.as_str();
        if known.contains(&key) && !OF_RELAYED.contains(&key) {
            let message = format!("`{}` is not of a message that a relay publishes", member.key);
            let diagnostic = Diagnostic::error("S048", message).at(member.span, "in a transaction");
            let help = "the `outbox` of the store says how it is relayed";
            place.report.push(diagnostic.help(help));
        }
    }
}

/// Reports inboxes and outboxes of stores that have none.
fn keeps_messages(asked: &Asked, place: &mut Place<'_, '_>) {
    let publishes = |inside: &Inside| matches!(inside, Inside::Publish(_));
    let needs = asked.once.is_some() || asked.inside.iter().any(|all| all.iter().any(publishes));
    let Some(node) = place.node.get("transaction") else { return };
    let store = node.text().and_then(|name| place.names.services.get(name));
    let Some(store) = store.filter(|_| needs) else { return };
    if !matches!(store.keeps, Some(Keeping::Rows)) {
        let message = "only a store that keeps its rows at one replica has an inbox and an outbox";
        let diagnostic = Diagnostic::error("S047", message).at(node.span, "asked for here");
        place.report.push(diagnostic.at(store.key, "defined here"));
    }
}

/// What a step is inside of a transaction; nothing, if it cannot be there.
fn inside(step: plan::Step, of: plan::ServiceId) -> Option<Inside> {
    match step {
        plan::Step::Compute(law) => Some(Inside::Work(law)),
        plan::Step::Publish(plan) => Some(Inside::Publish(as_relayed(plan))),
        plan::Step::Access { store, policy: None, asked, .. } if store == of => match asked.act {
            Act::Read => Some(Inside::Read(asked.row)),
            Act::Write => Some(Inside::Write(asked.row)),
            Act::Compare | Act::Transact => None,
        },
        _ => None,
    }
}

/// A relay numbers nothing: what it sends again is known by its id alone.
fn as_relayed(mut plan: PublishPlan) -> PublishPlan {
    plan.config.idempotent = false;
    plan
}
