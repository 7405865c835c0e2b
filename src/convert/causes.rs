use cascadia_models::measure::{Causes, Ended, Failures, Stage, Why};
use cascadia_models::plan::{LoadPlan, Plan, ServiceId};
use cascadia_reports::result::{CauseResult, StageKind, WhyKind};

use super::outcome_kind;
use super::reach::reached;

/// What those are called who may be to blame for what befell a load.
pub(crate) struct Names<'a> {
    plan: &'a Plan,
    load: &'a LoadPlan,
}

impl<'a> Names<'a> {
    /// For load number `index` of a plan.
    pub(crate) fn new(plan: &'a Plan, index: usize) -> Self {
        Self { plan, load: &plan.loads[index] }
    }

    /// Why requests failed, the commonest reason first.
    pub(super) fn causes(&self, causes: &Causes) -> Vec<CauseResult> {
        causes.by_count().into_iter().map(|failures| self.cause(failures)).collect()
    }

    /// The services that requests may come to.
    pub(super) fn reaches(&self) -> Vec<String> {
        reached(self.plan, self.load).into_iter().map(|id| self.service(id)).collect()
    }

    fn cause(&self, Failures { cause, blame, count, .. }: Failures) -> CauseResult {
        let (why, layer, reason, stage) = match blame.why {
            Why::RefusedHere(by, why) => (WhyKind::RefusedHere, Some(by), Some(why.name()), None),
            Why::RefusedThere(by, why) => (WhyKind::RefusedThere, Some(by), Some(why.name()), None),
            Why::GaveUp(by, stage) => (WhyKind::GaveUp, Some(by), None, stage),
            Why::GaveUpThere(by) => (WhyKind::GaveUpThere, Some(by), None, None),
            Why::Answered(kind) => (WhyKind::Answered, None, Some(kind.name()), None),
            Why::Unconfirmed => (WhyKind::Unconfirmed, None, None, None),
        };
        let behind = match stage {
            Some(Stage::Calling(service)) => Some(self.service(service)),
            _ => None,
        };
        let caller = || blame.caller.map_or_else(|| self.load.name.clone(), |id| self.service(id));
        CauseResult {
            outcome: outcome_kind(Ended::Failed(cause)),
            why,
            caller: (why != WhyKind::Answered).then(caller),
            callee: self.service(blame.callee),
            layer: layer.map(|layer| layer.name().to_owned()),
            reason: reason.map(str::to_owned),
            stage: stage.map(stage_kind),
            behind,
            count,
        }
    }

    /// The name of a service, or of a group of components such as sagas.
    fn service(&self, id: ServiceId) -> String {
        self.plan.name(id).to_owned()
    }
}

fn stage_kind(stage: Stage) -> StageKind {
    match stage {
        Stage::Sent => StageKind::Sent,
        Stage::Down => StageKind::Down,
        Stage::Waiting => StageKind::Waiting,
        Stage::Working => StageKind::Working,
        Stage::Calling(_) => StageKind::Calling,
        Stage::Answered => StageKind::Answered,
    }
}
