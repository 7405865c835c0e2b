use cascadia_models::plan::{self, Act, EndpointId, ServiceId};

use super::StepKind;
use super::place::Place;
use crate::decode::{Text, object};
use crate::diagnostics::Report;
use crate::names::Names;
use crate::text::Node;

object! {
    /// Calls an endpoint of a service and waits for the answer.
    pub(super) struct Call {
        /// Calls "service.endpoint", "service endpoint", or "service" if it has only one.
        _call as "call": Text,
        /// The policy that the call passes.
        policy: Option<Text> => "none",
    }
}

/// Where a call names whom it calls and what it passes.
pub(crate) struct CallEl<'a> {
    pub(crate) target: &'a Node,
    /// What is done to a row of the target, if that is a store.
    pub(crate) act: Option<Act>,
    pub(crate) policy: Option<&'a Node>,
}

impl CallEl<'_> {
    /// Whom it calls.
    pub(crate) fn resolve(
        &self,
        names: &Names<'_>,
        report: &mut Report,
    ) -> Option<(ServiceId, EndpointId)> {
        match self.act {
            Some(act) => names.store(self.target, act, report),
            None => names.target(self.target, report),
        }
    }
}

impl StepKind for Call {
    fn plan(&self, place: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        let target = self.call(place.node)?.resolve(place.names, place.report);
        let policy = place.node.get("policy").zip(self.policy.as_deref());
        let policy = policy.and_then(|(node, name)| place.names.stack(node, name, place.report));
        target.map(|(service, endpoint)| plan::Step::Call { service, endpoint, policy })
    }

    fn call<'a>(&self, node: &'a Node) -> Option<CallEl<'a>> {
        Some(CallEl { target: node.get("call")?, act: None, policy: node.get("policy") })
    }
}
