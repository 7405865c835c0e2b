//! Which requests of a run are worth a closer look, and that look.
//!
//! Figures say how many requests failed and why; three of them show what that is like: the first that failed in the
//! way that most did, the slowest that ended in success, and one that took as long as usual. They are of one load, so
//! that they can be held against each other: that of the commonest failure, or else that of the slowest request.

use std::cmp::Reverse;
use std::ops::ControlFlow;

use cascadia_models::measure::{Failures, LoadMeasured, Measured};
use cascadia_models::plan::{LoadId, Plan};
use cascadia_models::run::{Digest, Progress, RunError, trace};
use cascadia_models::trace::{Trace, Wanted};
use cascadia_reports::result::{Exemplar, ExemplarKind};

use crate::convert;

/// Requests that are worth a closer look.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    wanted: Wanted,
    /// What those of the wanted keys are examples of.
    kinds: Vec<ExemplarKind>,
    /// The run that they are of.
    digest: Digest,
}

impl Choice {
    /// From what a run measured; none where no request was answered.
    pub(crate) fn of(measured: &Measured) -> Option<Self> {
        let loads = || (0..).map(LoadId).zip(&measured.loads);
        let commonest = loads().filter_map(|(id, load)| Some((id, commonest(load)?)));
        let commonest = commonest.min_by_key(|(_, failures)| Reverse(failures.count));
        let slowest = loads().filter_map(|(id, load)| Some((id, load.slowest?)));
        let slowest = slowest.min_by_key(|(_, slowest)| Reverse(slowest.nanos));
        let load = commonest.map(|(id, _)| id).or_else(|| slowest.map(|(id, _)| id))?;
        let LoadMeasured { measured: tally, slowest, .. } = &measured.loads[load.0 as usize];
        let failed = commonest.map(|(_, failures)| (failures.first, ExemplarKind::Failed));
        let slowest = slowest.map(|slowest| (slowest.key, ExemplarKind::Slowest));
        let (keys, kinds) = failed.into_iter().chain(slowest).unzip();
        let about = tally.ok.supported_quantile(0.5).map(|nanos| nanos as u64);
        let wanted = Wanted { load, keys, about };
        Some(Self { wanted, kinds, digest: measured.digest })
    }

    /// Looks at them, in a second run of the plan, of which those are that the first one was made of. Where that is broken off,
    /// there are none.
    pub(crate) fn look(
        &self,
        plan: Plan,
        watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Vec<Exemplar>, RunError> {
        let Self { wanted, kinds, digest } = self;
        let names = plan.clone();
        let traces = trace(plan, wanted, *digest, watch)?;
        let exemplar = |trace: &Trace| {
            let known = wanted.keys.iter().position(|key| *key == trace.key);
            let of = known.map_or(ExemplarKind::Median, |at| kinds[at]);
            convert::exemplar(&names, wanted.load, of, trace)
        };
        Ok(traces.iter().map(exemplar).collect())
    }
}

/// What most failures of a load come from.
fn commonest(load: &LoadMeasured) -> Option<Failures> {
    load.measured.causes.by_count().into_iter().next()
}
