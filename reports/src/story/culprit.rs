use super::bystander::bystander;
use super::cause::main_cause;
use super::falls::{Fall, falls};
use super::figures::{WORTH, failed, mean};
use super::messages::messages;
use super::sagas::sagas;
use super::storm::storm;
use crate::format;
use crate::result::{CheckResult, CheckStatus, RunResult, ServiceSeries};
use crate::windows::Windows;

/// A fallen service that spends this share of its busy time on refusing is kept down by that.
const REFUSING: f64 = 0.25;
/// One that spends this share of its time on what nobody waits for is kept down by that.
const WASTED: f64 = 0.5;
/// That is said of one that is down for so long after the last fault.
const LINGERS_NS: u64 = 10_000_000_000;

/// What brought a run down, in one sentence: refusals that leave no time to answer, a backlog of what nobody waits for,
/// a fault that takes those with it who never come to whom it hits, or what became of messages or sagas. Nothing where none
/// of that is so, and where it is named already what a [storm](storm()) sustains itself by.
pub fn culprit(result: &RunResult) -> Option<String> {
    if storm(result).is_explained {
        return None;
    }
    let falls = falls(result);
    refusing(result, &falls)
        .or_else(|| backlog(result, &falls))
        .or_else(|| bystander(result))
        .or_else(|| messages(result))
        .or_else(|| sagas(result))
}

/// A service that is down and spends its time on saying no.
fn refusing(result: &RunResult, falls: &[Fall]) -> Option<String> {
    let found = falls.iter().find_map(|fall| {
        let figure = result.series.services.get(&fall.service)?.figures.get("refusing_share")?;
        let windows = while_down(result, fall, fall.at_ns);
        let share = mean(windows.filter_map(|at| figure.get(at).copied().flatten()))?;
        (share >= REFUSING).then_some((fall, share))
    });
    let (Fall { service, .. }, share) = found?;
    let share = format::share(share);
    Some(format!(
        "While {service} is down, {share} of its busy time goes into refusing: saying no leaves it too little to answer."
    ))
}

/// A service that is down long after the last fault, and works off what nobody waits for.
fn backlog(result: &RunResult, falls: &[Fall]) -> Option<String> {
    let last = result.faults.iter().max_by_key(|fault| fault.end_ns)?;
    let least = LINGERS_NS.max(2 * result.series.window_ns);
    let found = falls.iter().find_map(|fall| {
        let until = fall.back_ns.unwrap_or(result.series.end_ns);
        let lingers = until.checked_sub(last.end_ns).filter(|ns| *ns >= least)?;
        let service = result.series.services.get(&fall.service)?;
        let wasted = wasted(service, while_down(result, fall, last.end_ns))?;
        (wasted >= WASTED).then_some((fall, lingers, wasted))
    });
    let (Fall { service, back_ns, .. }, lingers, wasted) = found?;
    let until = match back_ns {
        Some(_) => format!("for {} after {} ends", format::duration(lingers as f64), last.name),
        None => format!("until the end of the run, long after {} ends", last.name),
    };
    let wasted = format::share(wasted);
    Some(format!(
        "{service} stays down {until}, as {wasted} of its work is for callers that had gone, and what is still waited \
         for comes behind it."
    ))
}

/// Which share of the work was for callers that had gone.
fn wasted(service: &ServiceSeries, windows: impl Iterator<Item = usize>) -> Option<f64> {
    let (mut wasted, mut busy) = (0.0, 0.0);
    for at in windows {
        let workers = service.in_service_mean.get(at).copied().unwrap_or(0.0);
        wasted += workers * service.wasted_share.get(at).copied().flatten().unwrap_or(0.0);
        busy += workers;
    }
    (busy > 0.0).then(|| wasted / busy)
}

/// The commonest failure of the load that failed most, in one sentence, where a check failed that is not of components, or
/// there is none. Where checks of loads failed it is one of those.
pub fn commonest(result: &RunResult) -> Option<String> {
    let is_of_requests = |check: &CheckResult| !result.components.contains_key(&check.subject);
    let failed_check = |check: &CheckResult| check.status == CheckStatus::Failed;
    let is_wrong = result.checks.iter().any(|check| failed_check(check) && is_of_requests(check));
    let is_checked = |name: &String| {
        result.checks.iter().any(|check| failed_check(check) && check.subject == *name)
    };
    let any_checked = result.loads.keys().any(is_checked);
    let loads = result.loads.iter().filter(|(name, _)| !any_checked || is_checked(name));
    let loads = loads.filter(|(_, load)| failed(load) >= WORTH);
    let (name, load) = loads.max_by(|one, other| failed(one.1).total_cmp(&failed(other.1)))?;
    main_cause(name, load).filter(|_| is_wrong || result.checks.is_empty())
}

/// The windows from a moment on in which a service was down.
fn while_down(
    result: &RunResult,
    fall: &Fall,
    from_ns: u64,
) -> impl Iterator<Item = usize> + use<> {
    let until = fall.back_ns.unwrap_or(result.series.end_ns);
    Windows::of(&result.series).within(from_ns, until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    /// The storm of the fixture, if it did not sustain itself.
    fn calm() -> RunResult {
        let mut run = fixture::storm();
        run.recoveries.iter_mut().for_each(|recovery| recovery.sustained = None);
        run
    }

    fn service<'a>(run: &'a mut RunResult, name: &str) -> &'a mut ServiceSeries {
        run.series.services.get_mut(name).expect("the fixture has this service")
    }

    #[test]
    fn a_storm_is_named_once() {
        assert_eq!(culprit(&fixture::storm()), None);
    }

    #[test]
    fn a_service_that_refuses_most_of_the_time_is_kept_down_by_that() {
        let refusing = |share| {
            let mut run = calm();
            let figures = &mut service(&mut run, "db").figures;
            figures.insert("refusing_share".to_owned(), vec![Some(share); 60]);
            culprit(&run)
        };
        let said = "While db is down, 61 % of its busy time goes into refusing: saying no leaves it too little to \
                    answer.";
        assert_eq!(refusing(0.61).as_deref(), Some(said));
        assert!(!refusing(0.04).is_some_and(|said| said.contains("refusing")));
    }

    #[test]
    fn a_backlog_of_what_nobody_waits_for_is_told_where_it_lasts() {
        let said = culprit(&calm()).expect("db works for nobody until the end");
        assert!(said.starts_with(
            "db stays down until the end of the run, long after db-slow ends, as 87 % of its work"
        ));
        let mut useful = calm();
        service(&mut useful, "db").wasted_share.fill(Some(0.1));
        assert_eq!(culprit(&useful), None);
        let mut soon = calm();
        service(&mut soon, "db").useful[21..].fill(2400);
        assert_eq!(culprit(&soon), None, "it is back 2 s after the fault");
    }

    #[test]
    fn the_commonest_failure_is_told_where_a_check_failed() {
        let mut run = fixture::storm();
        let said = commonest(&run).expect("a check failed");
        assert!(
            said.contains(
                "of the failures of shoppers have this cause: the timeout of gateway → db"
            ),
            "{said}"
        );
        run.checks.iter_mut().for_each(|check| check.status = CheckStatus::Passed);
        assert_eq!(commonest(&run), None);
        run.checks.clear();
        assert!(commonest(&run).is_some(), "nothing says that this was to be expected");
        run.loads.values_mut().for_each(|load| load.causes.clear());
        assert_eq!(commonest(&run), None);
    }
}
