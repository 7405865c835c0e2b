use cascadia_models::plan;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use super::place::Place;
use crate::text::Node;

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct Call(#[expect(dead_code, reason = "read from the tree")] String);

/// Where a call names whom it calls and what it passes.
pub(crate) struct CallEl<'a> {
    pub(crate) target: &'a Node,
    pub(crate) policy: Option<&'a Node>,
}

impl Kind for Call {
    fn plan(&self, place: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        let CallEl { target, policy } = self.call(place.node)?;
        let target = place.names.target(target, place.report);
        let policy = policy.and_then(|node| place.names.stack(node, node.text()?, place.report));
        target.map(|(service, endpoint)| plan::Step::Call { service, endpoint, policy })
    }

    fn call<'a>(&self, node: &'a Node) -> Option<CallEl<'a>> {
        Some(CallEl { target: node.get("call")?, policy: node.get("policy") })
    }
}
