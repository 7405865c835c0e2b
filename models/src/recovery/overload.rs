use cascadia_runtime::Time;

use super::history::DEVIATIONS;
use super::verdict::Overload;
use crate::broker::LAG;
use crate::ids::ServiceId;
use crate::measure::{Count, Happened, Measured, ServiceCounters};
use crate::plan::{Plan, Workers};

/// At least this share of the work of a service is for callers that had gone or for refusals, or …
const VAIN: f64 = 0.2;
/// … so many times as many wait there as before the first fault, and a worker has one of them at
/// least; …
const LONGER: f64 = 2.0;
/// … and the queue does not become shorter: in the last quarter of the watch it is at least this share
/// of what it was in the one before.
const KEPT: f64 = 0.9;
/// Attempts have grown that are more by this factor.
const GROWN: f64 = 1.25;

/// What a hedge counts its copies by.
const COPIES: &str = "hedged";

/// The overload that goes on between `from` and `until`, though nothing is wrong any more: that of
/// the service which wastes most of its work, or else of the longest queue.
pub(super) fn overload(
    plan: &Plan,
    measured: &Measured,
    from: Time,
    until: Time,
) -> Option<Overload> {
    let first = plan.first_fault()?;
    let quarter = until.since(from) / 4;
    let [half, late] = [from + quarter * 2, from + quarter * 3];
    let stretches = [(measured.windows.start, first), (half, late), (late, until)];
    let drained = drained(plan, measured, stretches);
    let services = (0..plan.services.len() as u32).map(ServiceId);
    let found = services.filter_map(|service| {
        let [before, third, fourth] =
            stretches.map(|(from, until)| mean(measured, service, from, until));
        let (before, third, fourth) = (before?, third?, fourth?);
        let Workers::Limited(workers) = plan.services[service.0 as usize].workers else {
            return None;
        };
        let is_queue =
            fourth.waiting >= LONGER * before.waiting && fourth.waiting >= f64::from(workers);
        let is_kept = !becomes_shorter(third.waiting, fourth.waiting) && drained <= third.waiting;
        (is_kept && (fourth.vain() >= VAIN || is_queue)).then_some((service, fourth))
    });
    let worst = |one: &(ServiceId, Mean), other: &(ServiceId, Mean)| {
        let vain = one.1.vain().total_cmp(&other.1.vain());
        vain.then(one.1.waiting.total_cmp(&other.1.waiting))
    };
    let (service, Mean { wasted, refusing, waiting }) = found.max_by(worst)?;
    let before = attempts(measured, measured.windows.start, first)?;
    let after = attempts(measured, half, until)?;
    let grown = after >= GROWN * before;
    let did = |is_it: fn(&Happened) -> bool| {
        let mut happened = measured.policies.values().flat_map(|layer| &layer.happened);
        grown && happened.any(|often| is_it(&often.what) && often.total > 0)
    };
    Some(Overload {
        service,
        wasted,
        refusing,
        waiting,
        attempts: (before, after),
        retries: did(|what| matches!(what, Happened::Retried(_))),
        copies: did(|what| matches!(what, Happened::Counted(count) if count.name() == COPIES)),
    })
}

/// The longest line, in the second of three stretches, that has become longer since the first and shorter until the third:
/// of requests at a service, or of messages for a group. Those in it come to their turn, however full a service is that
/// takes them from there.
fn drained(plan: &Plan, measured: &Measured, stretches: [(Time, Time); 3]) -> f64 {
    let services = (0..plan.services.len() as u32).map(ServiceId).filter_map(|service| {
        let waiting = |(from, until)| Some(mean(measured, service, from, until)?.waiting);
        let [first, second, third] = stretches.map(waiting);
        Some([first?, second?, third?])
    });
    let parts = plan.components.iter().zip(&measured.components).flat_map(|(plan, measured)| {
        let rows = plan.build.parts().into_iter().map(|part| part.rows);
        rows.zip(&measured.parts)
    });
    let lags = parts.filter_map(|(rows, part)| {
        let lag = rows.iter().position(|row| row.name == LAG)?;
        Some(stretches.map(|(from, until)| {
            let windows = part.series[lag].get(within(measured, from, until)).unwrap_or_default();
            windows.iter().sum::<u64>() as f64 / windows.len().max(1) as f64
        }))
    });
    let lines = services.chain(lags);
    let is_drained = |[before, third, fourth]: &[f64; 3]| {
        *third > LONGER * before && becomes_shorter(*third, *fourth)
    };
    lines.filter(is_drained).map(|[_, third, _]| third).fold(0.0, f64::max)
}

/// Whether a line becomes shorter, by a share of it or by more than chance does to a long one: those that wait until they
/// give up are a Poisson count.
fn becomes_shorter(third: f64, fourth: f64) -> bool {
    fourth < (KEPT * third).max(third - DEVIATIONS * libm::sqrt(third))
}

/// What a service does at one time, on average.
struct Mean {
    wasted: f64,
    refusing: f64,
    waiting: f64,
}

impl Mean {
    fn vain(&self) -> f64 {
        self.wasted.max(self.refusing)
    }
}

fn mean(measured: &Measured, service: ServiceId, from: Time, until: Time) -> Option<Mean> {
    let windows = within(measured, from, until);
    let series = measured.services[service.0 as usize].series.get(windows.clone())?;
    let sum = |of: fn(&ServiceCounters) -> u128| series.iter().map(of).sum::<u128>() as f64;
    let nanos = measured.windows.edge(windows.end).since(measured.windows.edge(windows.start));
    let share = |part: f64, all: f64| if all > 0.0 { (part / all).min(1.0) } else { 0.0 };
    let refusing = sum(|window| window.refusing);
    (!windows.is_empty()).then(|| Mean {
        wasted: share(sum(|window| window.served_wasted), sum(|window| window.served)),
        refusing: share(refusing, refusing + sum(|window| window.in_service)),
        waiting: sum(|window| window.waiting) / nanos.as_nanos() as f64,
    })
}

/// Attempts per offered request of all loads.
fn attempts(measured: &Measured, from: Time, until: Time) -> Option<f64> {
    let windows = within(measured, from, until);
    let sum = |count: Count| -> u64 {
        let series = measured.loads.iter().filter_map(|load| load.series.get(windows.clone()));
        series.flatten().map(|window| window.counts[count]).sum()
    };
    let offered = sum(Count::Offered);
    (offered > 0).then(|| sum(Count::Attempts) as f64 / offered as f64)
}

/// The windows that lie wholly within a stretch of time.
fn within(measured: &Measured, from: Time, until: Time) -> std::ops::Range<usize> {
    let windows = measured.windows;
    let all = 0..windows.count(measured.end);
    let is_whole = |at: &usize| windows.edge(*at) >= from && windows.edge(*at + 1) <= until;
    let first = all.clone().find(is_whole).unwrap_or(all.end);
    first..all.rev().find(is_whole).map_or(first, |last| last + 1)
}
