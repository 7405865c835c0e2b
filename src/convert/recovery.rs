//! What became of the loads after each fault.

use cascadia_models::measure::Measured;
use cascadia_models::plan::Plan;
use cascadia_models::recovery::{self, Limit, Overload, Recovery, Verdict};
use cascadia_reports::result::{Collapse, RecoveryKind, RecoveryResult, Sustained};

/// What became of a load after a fault.
pub(crate) fn recovery(plan: &Plan, found: &Recovery) -> RecoveryResult {
    let fault = &plan.faults[found.fault];
    let (kind, goodput_after_ns, latency_after_ns, sustained) = match found.verdict {
        Verdict::Recovered { goodput, latency } => {
            (RecoveryKind::Recovered, Some(goodput), Some(latency), None)
        }
        Verdict::NotRecovered { goodput, latency, sustained: None } => {
            (RecoveryKind::NotRecovered, goodput, latency, None)
        }
        Verdict::NotRecovered { goodput, latency, sustained: Some(overload) } => {
            (RecoveryKind::Metastable, goodput, latency, Some(sustained(plan, overload)))
        }
        Verdict::TooFew => (RecoveryKind::TooFew, None, None, None),
        Verdict::OtherLoad => (RecoveryKind::OtherLoad, None, None, None),
    };
    let until = match found.limit {
        Limit::End => None,
        Limit::Fault(at) => Some(plan.faults[at].name.clone()),
        Limit::Load(load) => Some(plan.loads[load.0 as usize].name.clone()),
    };
    RecoveryResult {
        fault: fault.name.clone(),
        since: (found.since != found.fault).then(|| plan.faults[found.since].name.clone()),
        fault_end_ns: fault.end.as_nanos(),
        load: plan.loads[found.load.0 as usize].name.clone(),
        until_ns: found.until.as_nanos(),
        until,
        verdict: kind,
        goodput_after_ns,
        latency_after_ns,
        depth: found.depth,
        lost: found.lost,
        sustained,
    }
}

fn sustained(plan: &Plan, overload: Overload) -> Sustained {
    Sustained {
        service: plan.name(overload.service).to_owned(),
        wasted_share: overload.wasted,
        refusing_share: overload.refusing,
        waiting: overload.waiting,
        attempts_before: overload.attempts.0,
        attempts: overload.attempts.1,
        retries: overload.retries,
        copies: overload.copies,
    }
}

/// When goodput falls, if it does.
pub(crate) fn collapse(plan: &Plan, measured: &Measured) -> Option<Collapse> {
    recovery::collapse(plan, measured).map(|found| Collapse {
        at_ns: found.at.as_nanos(),
        goodput_per_s: found.goodput,
        due_per_s: found.due,
    })
}
