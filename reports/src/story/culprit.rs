use super::cause::main_cause;
use super::falls::{Fall, falls};
use super::goodput::Goodput;
use super::storm::storm;
use crate::format;
use crate::result::{CheckStatus, FaultLane, LoadResult, RunResult, ServiceSeries};
use crate::windows::Windows;

/// A fallen service that spends this share of its busy time on refusing is kept down by that.
const REFUSING: f64 = 0.25;
/// One that spends this share of its time on what nobody waits for is kept down by that.
const WASTED: f64 = 0.5;
/// That is said of one that is down for so long after the last fault.
const LINGERS_NS: u64 = 10_000_000_000;
/// A service is looked at for so long from when a load is harmed there.
const LOOKS_NS: u64 = 5_000_000_000;
/// Goodput of a load below this share of what is expected is harm.
const HARMED: f64 = 0.9;
/// So many times the requests of before are what brings a service down.
const MORE: f64 = 1.5;
/// So large a share of its workers are all of them.
const TAKEN: f64 = 0.9;
/// Failures of less than this share of a load are not what is wrong with a run.
const WORTH: f64 = 0.01;

/// What brought a run down, in one sentence: refusals that leave no time to answer, a backlog of what nobody waits for, or
/// a fault that takes those with it who never come to whom it hits. Nothing where none of that is so, and where a
/// [storm](storm()) that sustains itself is named already.
pub fn culprit(result: &RunResult) -> Option<String> {
    if storm(result).sustained {
        return None;
    }
    let falls = falls(result);
    refusing(result, &falls).or_else(|| backlog(result, &falls)).or_else(|| bystander(result))
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

/// A load that never comes to whom a fault hits, and is harmed where it meets those that do.
fn bystander(result: &RunResult) -> Option<String> {
    let hits = result.faults.iter().flat_map(|fault| hit(result, fault).map(move |at| (fault, at)));
    let hits: Vec<(&FaultLane, &String)> = hits.collect();
    result.series.loads.iter().find_map(|(name, series)| {
        let load = result.loads.get(name)?;
        let cause = load.causes.first().filter(|_| failed(load) >= WORTH)?;
        let place = &cause.callee;
        let is_hit = |at: &String| hits.iter().any(|(_, hit)| *hit == at);
        let is_spared = !load.reaches.iter().any(is_hit) && !is_hit(place);
        let (fault, origin) = hits.iter().find(|(_, at)| is_spared && meet(result, at, place))?;
        let goodput = Goodput::of_load(result, series)?;
        let harmed = |at: &usize| {
            goodput.windows.end(*at) > fault.start_ns && goodput.is_below(HARMED, *at, at + 1)
        };
        let harm = goodput.windows.start((0..goodput.windows.len()).find(harmed)?);
        let how = how(result, place, harm)?;
        Some(format!(
            "{} ({}) takes {name} with it, which never come to {origin}: from {} on they fail at {place}, {how}.",
            fault.name,
            fault.description,
            format::moment(harm),
        ))
    })
}

/// The services that a fault names.
fn hit<'a>(result: &'a RunResult, fault: &'a FaultLane) -> impl Iterator<Item = &'a String> {
    let between = |part: char| !part.is_alphanumeric() && !"-_.".contains(part);
    let words: Vec<&str> = fault.description.split(between).collect();
    result.services.keys().filter(move |name| words.contains(&name.as_str()))
}

/// Whether requests of some load come to both.
fn meet(result: &RunResult, one: &String, other: &String) -> bool {
    let both = |load: &LoadResult| load.reaches.contains(one) && load.reaches.contains(other);
    result.loads.values().any(both)
}

/// Why a service has no room for a load from some moment on.
fn how(result: &RunResult, name: &str, from_ns: u64) -> Option<String> {
    let windows = Windows::of(&result.series);
    let service = result.series.services.get(name)?;
    let first = result.faults.iter().map(|fault| fault.start_ns).min()?;
    let rates = windows.rates(&service.arrivals);
    let before = mean(windows.within(0, first).map(|at| rates[at]))?;
    let until = from_ns.saturating_add(LOOKS_NS.max(2 * result.series.window_ns));
    let since = || windows.within(from_ns, until);
    let after = mean(since().map(|at| rates[at]))?;
    if after >= MORE * before {
        let times = format::number(after / before.max(1e-9));
        return Some(format!("which gets {times} times the requests of before"));
    }
    let taken = mean(since().filter_map(|at| service.utilisation[at]))?;
    (taken >= TAKEN).then(|| format!("where {} of the workers are taken", format::share(taken)))
}

/// The commonest failure of the load that failed most, in one sentence, where a check failed or there is none.
pub fn commonest(result: &RunResult) -> Option<String> {
    let is_wrong = result.checks.iter().any(|check| check.status == CheckStatus::Failed);
    let loads = result.loads.iter().filter(|(_, load)| failed(load) >= WORTH);
    let (name, load) = loads.max_by(|one, other| failed(one.1).total_cmp(&failed(other.1)))?;
    main_cause(name, load).filter(|_| is_wrong || result.checks.is_empty())
}

/// Which share of a load failed.
fn failed(load: &LoadResult) -> f64 {
    let failed: u64 = load.causes.iter().map(|cause| cause.count).sum();
    failed as f64 / load.offered.max(1) as f64
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

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::result::OutcomeKind;

    /// The storm of the fixture without its retries, so that it does not sustain itself.
    fn calm() -> RunResult {
        let mut run = fixture::storm();
        run.series.loads.values_mut().for_each(|load| load.attempts = load.offered.clone());
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

    /// Readers, who come to the gateway and never to the database, and fail there in so large a part.
    fn beside(failing: f64, busy: f64) -> RunResult {
        let mut run = calm();
        service(&mut run, "db").wasted_share.fill(None);
        let gateway = service(&mut run, "gateway");
        gateway.arrivals.fill(2400);
        gateway.utilisation.fill(Some(busy));
        let (mut load, mut series) =
            (run.loads["shoppers"].clone(), run.series.loads["shoppers"].clone());
        load.reaches = vec!["gateway".to_owned()];
        load.causes.truncate(1);
        load.causes[0].callee = "gateway".to_owned();
        load.causes[0].count = (load.offered as f64 * failing) as u64;
        let ok = series.offered.iter().enumerate().map(|(at, count)| match at {
            0..16 => *count,
            _ => (*count as f64 * (1.0 - failing)) as u64,
        });
        let ok = ok.collect();
        series.outcomes.insert(OutcomeKind::Ok, ok);
        run.loads.insert("readers".to_owned(), load);
        run.series.loads.insert("readers".to_owned(), series);
        run
    }

    #[test]
    fn who_is_taken_along_by_a_fault_that_does_not_hit_them_is_told() {
        let said = "db-slow (slow ×10 on db) takes readers with it, which never come to db: from 42.0 s on they fail \
                    at gateway, where 97 % of the workers are taken.";
        assert_eq!(culprit(&beside(0.5, 0.97)).as_deref(), Some(said));
        let mut more = beside(0.5, 0.3);
        service(&mut more, "gateway").arrivals[15..].fill(9600);
        let said = culprit(&more).expect("they fail where four times as much is asked");
        assert!(
            said.ends_with("they fail at gateway, which gets 4 times the requests of before."),
            "{said}"
        );
        assert_eq!(culprit(&beside(0.5, 0.3)), None, "nothing says that they fail for that");
        assert_eq!(culprit(&beside(0.001, 0.97)), None, "they do not fail");
        let mut own = beside(0.5, 0.97);
        let load = own.loads.get_mut("readers").expect("it was put there");
        load.reaches.push("db".to_owned());
        assert_eq!(culprit(&own), None, "they come to whom the fault hits");
        let mut elsewhere = beside(0.5, 0.97);
        elsewhere.faults[0].description = "slow ×10 on the-db".to_owned();
        assert_eq!(culprit(&elsewhere), None, "the fault hits nobody that is known");
    }

    #[test]
    fn the_commonest_failure_is_told_where_a_check_failed() {
        let mut run = fixture::storm();
        let said = commonest(&run).expect("a check failed");
        assert!(said.contains("of shoppers's failures: the timeout of gateway → db"), "{said}");
        run.checks.iter_mut().for_each(|check| check.status = CheckStatus::Passed);
        assert_eq!(commonest(&run), None);
        run.checks.clear();
        assert!(commonest(&run).is_some(), "nothing says that this was to be expected");
        run.loads.values_mut().for_each(|load| load.causes.clear());
        assert_eq!(commonest(&run), None);
    }
}
