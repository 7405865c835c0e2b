use super::figures::{WORTH, failed, mean};
use super::goodput::Goodput;
use crate::format;
use crate::result::{FaultLane, LoadResult, RunResult};
use crate::windows::Windows;

/// A service is looked at for so long from when a load is harmed there.
const LOOKS_NS: u64 = 5_000_000_000;
/// Goodput of a load below this share of what is expected is harm.
const HARMED: f64 = 0.9;
/// So many times the requests of before are what brings a service down.
const MORE: f64 = 1.5;
/// So large a share of its workers are all of them.
const TAKEN: f64 = 0.9;

/// A load that never comes to whom a fault hits, and is harmed where it meets those that do. What is between two hits who
/// comes to both.
pub(super) fn bystander(result: &RunResult) -> Option<String> {
    let hits = result.faults.iter().flat_map(|fault| hit(result, fault).map(move |at| (fault, at)));
    let hits: Vec<(&FaultLane, &String)> = hits.collect();
    result.series.loads.iter().find_map(|(name, series)| {
        let load = result.loads.get(name)?;
        let cause = load.causes.first().filter(|_| failed(load) >= WORTH)?;
        let place = &cause.callee;
        let comes_to = |at: &String| load.reaches.contains(at);
        let spares = |fault: &FaultLane| {
            let mut all = hit(result, fault).peekable();
            all.peek().is_none() || !all.all(comes_to)
        };
        let is_spared = result.faults.iter().all(spares);
        let takes = |at: &String| is_spared && !comes_to(at) && meet(result, at, place);
        let (fault, origin) = hits.iter().find(|(_, at)| takes(at))?;
        let goodput = Goodput::of(result, series)?;
        let harm = goodput.windows.start(harmed(&goodput, fault.start_ns)?);
        let how = how(result, place, harm)?;
        Some(format!(
            "{} ({}) takes {name} with it, which never come to {origin}: from {} on they fail at {place}, {how}.",
            fault.name,
            fault.description,
            format::moment(harm),
        ))
    })
}

/// The first window from a moment on in which, with as many more as it takes to tell, goodput is low.
fn harmed(goodput: &Goodput, from_ns: u64) -> Option<usize> {
    let windows = goodput.windows;
    let from = (0..windows.len()).find(|&at| windows.end(at) > from_ns)?;
    (from..windows.len()).find(|&at| {
        let until = at.saturating_add(goodput.telling(HARMED, at));
        until <= windows.len() && goodput.is_below(HARMED, at, until)
    })
}

/// The services that a fault may hit.
fn hit<'a>(result: &'a RunResult, fault: &'a FaultLane) -> impl Iterator<Item = &'a String> {
    fault.hits.iter().filter(|name| result.services.contains_key(*name))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::result::{OutcomeKind, ServiceSeries};

    /// The storm of the fixture without its retries, so that it does not sustain itself.
    fn calm() -> RunResult {
        let mut run = fixture::storm();
        run.series.loads.values_mut().for_each(|load| load.attempts = load.offered.clone());
        run
    }

    fn service<'a>(run: &'a mut RunResult, name: &str) -> &'a mut ServiceSeries {
        run.series.services.get_mut(name).expect("the fixture has this service")
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
        assert_eq!(bystander(&beside(0.5, 0.97)).as_deref(), Some(said));
        let mut more = beside(0.5, 0.3);
        service(&mut more, "gateway").arrivals[15..].fill(9600);
        let said = bystander(&more).expect("they fail where four times as much is asked");
        assert!(
            said.ends_with("they fail at gateway, which gets 4 times the requests of before."),
            "{said}"
        );
        assert_eq!(bystander(&beside(0.5, 0.3)), None, "nothing says that they fail for that");
        assert_eq!(bystander(&beside(0.001, 0.97)), None, "they do not fail");
        let mut few = beside(0.9, 0.97);
        let load = few.series.loads.get_mut("readers").expect("it was put there");
        let scarce = |counts: &mut Vec<u64>| counts.iter_mut().for_each(|count| *count /= 400);
        scarce(&mut load.offered);
        load.outcomes.values_mut().for_each(scarce);
        assert!(bystander(&few).is_some(), "several windows together show it");
        let mut own = beside(0.5, 0.97);
        let load = own.loads.get_mut("readers").expect("it was put there");
        load.reaches.push("db".to_owned());
        assert_eq!(bystander(&own), None, "they come to whom the fault hits");
        let mut between = beside(0.5, 0.97);
        between.faults[0].hits.insert(0, "gateway".to_owned());
        let said =
            bystander(&between).expect("they come to the gateway, and never from there to db");
        assert!(said.contains("takes readers with it, which never come to db:"), "{said}");
        let mut elsewhere = beside(0.5, 0.97);
        elsewhere.faults[0].hits = vec!["the-db".to_owned()];
        assert_eq!(bystander(&elsewhere), None, "the fault hits nobody that is known");
    }
}
