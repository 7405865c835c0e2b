use std::ops::Range;

use crate::result::{LoadResult, LoadSeries, RunResult, ServiceSeries};
use crate::windows::Windows;

/// A service that gives less than this share of the answers that are to be expected of it has fallen.
const HALF: f64 = 0.5;

/// Answers are added up over each of these, and over no less than it takes for a loss of a half to show: what is sudden
/// shows soon, and what is just below a half takes longer.
const SCALES_NS: [u64; 3] = [0, 1_000_000_000, 5_000_000_000];

/// Standard deviations below which a count is not merely unlucky.
const DEVIATIONS: f64 = 3.0;

/// A service that does not do what it is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fall {
    /// Its name.
    pub service: String,
    /// When its answers became too few.
    pub at_ns: u64,
    /// When they were enough again, for good; none where they were not before the end.
    pub back_ns: Option<u64>,
}

/// Which services fell from the first fault on, in the order in which they did. Of those that fell within one window,
/// who is called comes before who calls.
///
/// An answer is one with success, to a caller who still waits. To be expected of a service is what it gave
/// before the first fault, as far as those loads still send whose requests may come to it.
pub fn falls(result: &RunResult) -> Vec<Fall> {
    let windows = Windows::of(&result.series);
    let Some(first) = result.faults.iter().map(|fault| fault.start_ns).min() else {
        return Vec::new();
    };
    let services = result.series.services.iter();
    let answers = services.filter_map(|(name, service)| {
        let answers = Answers::of(result, windows, (name, service), first)?;
        answers.fall(name, first)
    });
    let mut falls: Vec<Fall> = answers.collect();
    falls.sort_by_key(|fall| (fall.at_ns, std::cmp::Reverse(depth(result, &fall.service))));
    falls
}

/// How far a service is from the loads.
fn depth(result: &RunResult, service: &str) -> Option<usize> {
    let place = |load: &LoadResult| load.reaches.iter().position(|name| name == service);
    result.loads.values().filter_map(place).max()
}

/// The answers of a service, and those that are to be expected of it.
struct Answers {
    windows: Windows,
    given: Vec<f64>,
    expected: Vec<f64>,
}

impl Answers {
    /// Nothing where it gave none before the first fault.
    fn of(
        result: &RunResult,
        windows: Windows,
        (name, service): (&str, &ServiceSeries),
        first: u64,
    ) -> Option<Self> {
        let given: Vec<f64> = service.useful.iter().map(|count| *count as f64).collect();
        if given.len() != windows.len() {
            return None;
        }
        let before = || windows.within(0, first);
        let (answers, seconds) = before().fold((0.0, 0.0), |(answers, seconds), at| {
            (answers + given[at], seconds + windows.seconds(at))
        });
        if answers == 0.0 {
            return None;
        }
        let reaches = |load: &&LoadResult| load.reaches.iter().any(|reached| reached == name);
        let loads = result.loads.iter().filter(|(_, load)| reaches(load));
        let loads = loads.filter_map(|(name, _)| result.series.loads.get(name));
        let dues: Vec<Vec<f64>> = loads.filter_map(|load| due(load, windows, first)).collect();
        let share = |at: usize| dues.iter().map(|due| due[at]).reduce(f64::min);
        let expected = |at| answers / seconds * windows.seconds(at) * share(at).unwrap_or(0.0);
        Some(Self { windows, expected: (0..windows.len()).map(expected).collect(), given })
    }

    fn fall(&self, name: &str, first: u64) -> Option<Fall> {
        let len = self.windows.len();
        let from = (0..len).find(|&at| self.windows.end(at) > first)?;
        let low: Vec<Range<usize>> = (from..len).filter_map(|at| self.low(at)).collect();
        let at_ns = self.windows.start(low.first()?.start);
        let end = low.iter().map(|low| low.end).max();
        let end = end.filter(|end| *end < len && self.block(*end).is_some());
        let back_ns = end.map(|end| self.windows.start(end));
        Some(Fall { service: name.to_owned(), at_ns, back_ns })
    }

    /// From the first window without its half to the last, where there are measurably too few answers from one on.
    fn low(&self, from: usize) -> Option<Range<usize>> {
        let enough = self.block(from)?;
        let ends = SCALES_NS.iter().map(|ns| enough.max(from + self.windows.count(*ns)));
        let mut low = ends.filter(|end| *end <= self.windows.len() && self.is_low(from, *end));
        let end = low.next()?;
        let mut without = (from..end).filter(|at| self.given[*at] < HALF * self.expected[*at]);
        let first = without.next()?;
        Some(first..without.next_back().unwrap_or(first) + 1)
    }

    /// The end of the windows from one on in which so much is expected that its half would be missed.
    fn block(&self, from: usize) -> Option<usize> {
        let least = (DEVIATIONS / HALF) * (DEVIATIONS / HALF);
        let mut expected = 0.0;
        let enough = |at: &usize| {
            expected += self.expected[*at];
            expected > least
        };
        (from..self.windows.len()).find(enough).map(|at| at + 1)
    }

    fn is_low(&self, from: usize, end: usize) -> bool {
        let sum = |values: &[f64]| values[from..end].iter().sum::<f64>();
        let (given, expected) = (sum(&self.given), sum(&self.expected));
        given + DEVIATIONS * libm::sqrt(expected) < HALF * expected
    }
}

/// How much a load sends in each window of what it sent before the first fault; clients that wait for their answers
/// send as long as they may.
fn due(load: &LoadSeries, windows: Windows, first: u64) -> Option<Vec<f64>> {
    let sends = |at: usize| match load.open {
        true => load.offered[at] as f64 / windows.seconds(at),
        false => {
            let from = windows.start(at).max(load.from_ns);
            let until = windows.end(at).min(load.until_ns);
            until.saturating_sub(from) as f64 / 1e9 / windows.seconds(at)
        }
    };
    let (sum, count) = windows
        .within(0, first)
        .fold((0.0, 0.0), |(sum, count), at| (sum + sends(at), count + 1.0));
    (sum > 0.0).then(|| (0..windows.len()).map(|at| sends(at) * count / sum).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{SECOND, storm};

    /// A run in which the answers of a service are a share of what they were, from one window to another.
    fn answering(service: &str, share: f64, (from, until): (usize, usize)) -> RunResult {
        let mut run = storm();
        for (name, series) in &mut run.series.services {
            let low = |at| (from..until).contains(&at) && name == service;
            let count = |at| if low(at) { (2400.0 * share) as u64 } else { 2400 };
            series.useful = (0..60).map(count).collect();
        }
        run
    }

    #[test]
    fn a_service_falls_with_its_answers_and_is_back_with_them() {
        let found = falls(&answering("db", 0.2, (16, 40)));
        let [fall] = &found[..] else { panic!("{found:?}") };
        assert_eq!((fall.service.as_str(), fall.at_ns), ("db", 42 * SECOND));
        assert_eq!(fall.back_ns, Some(90 * SECOND));
        assert_eq!(falls(&answering("db", 0.2, (16, 60)))[0].back_ns, None);
        assert!(falls(&answering("db", 0.6, (16, 40))).is_empty());
    }

    #[test]
    fn what_was_before_the_first_fault_is_no_fall_and_without_faults_there_is_none() {
        assert!(falls(&answering("db", 0.9, (0, 14))).is_empty());
        let mut run = answering("db", 0.2, (16, 40));
        run.faults.clear();
        assert!(falls(&run).is_empty());
    }

    #[test]
    fn a_load_that_changes_by_plan_is_no_fall_of_whom_it_calls() {
        let mut run = answering("db", 0.2, (16, 60));
        let load = run.series.loads.get_mut("shoppers").expect("the fixture has this load");
        load.offered[16..].iter_mut().for_each(|count| *count /= 5);
        assert!(falls(&run).iter().all(|fall| fall.service != "db"));
    }

    #[test]
    fn too_few_answers_to_tell_are_no_fall() {
        let mut run = answering("db", 0.0, (16, 17));
        let db = run.series.services.get_mut("db").expect("the fixture has this service");
        db.useful.iter_mut().for_each(|count| *count /= 200);
        assert!(falls(&run).is_empty());
    }

    #[test]
    fn of_those_that_fall_together_the_called_one_comes_first() {
        let mut run = answering("db", 0.2, (16, 40));
        let low = run.series.services["db"].useful.clone();
        run.series.services.values_mut().for_each(|service| service.useful.clone_from(&low));
        let load = run.loads.get_mut("shoppers").expect("the fixture has this load");
        load.reaches = ["gateway", "orders", "db"].map(str::to_owned).to_vec();
        let order = falls(&run).into_iter().map(|fall| fall.service);
        assert_eq!(order.collect::<Vec<_>>(), ["db", "orders", "gateway"]);
    }
}
