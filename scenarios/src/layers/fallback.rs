use cascadia_models::plan::{self, FallbackPlan, LayerPlan};
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::fallback::FallbackConfig;

use super::layer::{Layer, NotOnArrival};
use super::place::{Place, rejected};
use crate::decode::{Text, choice, either, object};
use crate::text::{Node, Value};

either! {
    /// Answers with less when a call fails: by a step, or by a list of steps in their order.
    pub(super) enum Fallback: Vec<Step> {
        FallbackStep => |step| vec![step],
        Vec<FallbackStep> => std::convert::identity,
    }
}

either! {
    /// A step of a fallback.
    pub(super) enum FallbackStep: Step {
        AtHand => |()| Step::Default,
        FallbackCall => Step::Call,
    }
}

/// A step of a fallback.
#[derive(Debug)]
pub(super) enum Step {
    Default,
    Call(FallbackCall),
}

choice! {
    /// An answer that costs nothing.
    pub(super) enum AtHand: () {
        /// An answer that is always at hand.
        default => (),
    }
}

object! {
    /// Another call.
    pub(super) struct FallbackCall {
        /// Calls "service.endpoint", "service endpoint", or "service" if it has only one.
        _call as "call": Text,
        /// The policy that the call passes; without retries, hedges and fallbacks.
        policy: Option<Text> => "none",
        /// Calls of this step under way at once.
        limit: u32 = FallbackConfig::default().limit,
    }
}

impl FallbackCall {
    /// What it is in a plan, unless its names are wrong.
    fn plan(&self, node: &Node, place: &mut Place<'_, '_>) -> Option<plan::FallbackStep> {
        let config = FallbackConfig { limit: self.limit };
        if let Err(error) = config.check() {
            place.report.push(rejected(node, error));
        }
        let target = node.get("call").and_then(|node| place.names.target(node, place.report));
        let policy = node.get("policy").zip(self.policy.as_deref());
        let policy = policy.and_then(|(node, name)| place.names.stack(node, name, place.report));
        let (service, endpoint) = target?;
        Some(plan::FallbackStep::Call { service, endpoint, policy, config })
    }
}

/// The nodes of the steps of a fallback.
fn nodes(fallback: &Node) -> &[Node] {
    match &fallback.value {
        Value::Array(items) => items,
        _ => std::slice::from_ref(fallback),
    }
}

impl Layer for Vec<Step> {
    fn plan(&self, place: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        let steps = self.iter().zip(nodes(place.node)).filter_map(|(step, node)| match step {
            Step::Default => Some(plan::FallbackStep::Default),
            Step::Call(call) => call.plan(node, place),
        });
        let steps = steps.collect();
        vec![LayerPlan::new(FallbackPlan(steps))]
    }

    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    fn not_on_arrival(&self) -> Option<NotOnArrival> {
        let calls = self.iter().any(|step| matches!(step, Step::Call(_)));
        let why =
            NotOnArrival { code: "S039", does: "calls others", what: "a fallback that calls" };
        calls.then_some(why)
    }

    fn not_in_fallback(&self) -> Option<&'static str> {
        Some("falls back itself")
    }

    fn policies<'a>(&self, node: &'a Node) -> Vec<&'a Node> {
        nodes(node).iter().filter_map(|step| step.get("policy")).collect()
    }
}
