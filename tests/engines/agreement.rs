//! The figures of two engines, compared by seed: common random numbers make the pairs.

use std::collections::BTreeMap;
use std::fmt;

use super::figures::{Case, Figures, METRICS};
use crate::support::mean;

/// A case on both engines.
pub(crate) struct Compared {
    case: Case,
    seeds: usize,
    /// The seeds under which arrivals or demands differ, and those under which verdicts do.
    other_load: Vec<u64>,
    other_verdict: Vec<u64>,
    differences: [Difference; 4],
}

/// The paired difference of one figure.
#[derive(Clone, Copy, Debug)]
struct Difference {
    /// Its mean on the own engine.
    own: f64,
    /// What the other engine has more, in the mean.
    more: f64,
    /// Half the width of the 99 % interval of that.
    half: f64,
}

/// Compares what both have measured: the cases and seeds of `other`, all of which `own` must have.
pub(crate) fn compare(own: &[Figures], other: &[Figures]) -> Vec<Compared> {
    let mut cases: BTreeMap<&Case, Vec<(&Figures, &Figures)>> = BTreeMap::new();
    for theirs in other {
        let same = |ours: &&Figures| ours.case == theirs.case && ours.seed == theirs.seed;
        let ours = own.iter().find(same).unwrap_or_else(|| panic!("{theirs} has no counterpart"));
        cases.entry(&theirs.case).or_default().push((ours, theirs));
    }
    cases.into_iter().map(|(case, pairs)| Compared::new(case, &pairs)).collect()
}

impl Compared {
    fn new(case: &Case, pairs: &[(&Figures, &Figures)]) -> Self {
        let seeds_where = |differ: fn(&Figures, &Figures) -> bool| {
            let differing = pairs.iter().filter(|(ours, theirs)| differ(ours, theirs));
            differing.map(|(ours, _)| ours.seed).collect()
        };
        Self {
            case: case.clone(),
            seeds: pairs.len(),
            other_load: seeds_where(|ours, theirs| {
                ours.demand != theirs.demand || ours.offered != theirs.offered
            }),
            other_verdict: seeds_where(|ours, theirs| ours.verdict != theirs.verdict),
            differences: std::array::from_fn(|metric| {
                let values = pairs
                    .iter()
                    .map(|(ours, theirs)| (ours.metrics[metric], theirs.metrics[metric]));
                Difference::new(&values.collect::<Vec<_>>())
            }),
        }
    }

    /// What the engines do not agree on.
    pub(crate) fn disagreements(&self) -> Vec<String> {
        let Case { file, variant, load } = &self.case;
        let mut told = Vec::new();
        if !self.other_load.is_empty() {
            told.push(format!("other arrivals or demands under seeds {:?}", self.other_load));
        }
        if self.other_verdict.len() * 10 > self.seeds {
            told.push(format!("other verdicts under seeds {:?}", self.other_verdict));
        }
        for (name, difference) in METRICS.iter().zip(&self.differences) {
            if !difference.is_nothing() {
                told.push(format!("{name} differs: {difference}"));
            }
        }
        told.into_iter().map(|told| format!("{file} {variant} {load}: {told}")).collect()
    }
}

impl Difference {
    /// Of pairs of a figure: ours and theirs.
    fn new(pairs: &[(f64, f64)]) -> Self {
        let own: Vec<f64> = pairs.iter().map(|(ours, _)| *ours).collect();
        let more: Vec<f64> = pairs.iter().map(|(ours, theirs)| theirs - ours).collect();
        let (more, error) = mean(&more);
        Self { own: mean(&own).0, more, half: student(pairs.len()) * error }
    }

    fn is_nothing(&self) -> bool {
        self.more.abs() <= self.half || self.share().abs() < 0.005
    }

    fn share(&self) -> f64 {
        if self.more == 0.0 { 0.0 } else { self.more / self.own }
    }
}

/// The quantile of Student's t at 99.5 % for `n` samples.
fn student(n: usize) -> f64 {
    match n {
        4 => 5.841,
        10 => 3.250,
        _ => unreachable!("four seeds or ten"),
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |value: f64| 100.0 * value / self.own.max(f64::MIN_POSITIVE);
        write!(f, "{:+.6} % ± {:.6} %", percent(self.more), percent(self.half))
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Case { file, variant, load } = &self.case;
        let verdicts = self.seeds - self.other_verdict.len();
        write!(f, "{file} {variant} {load}: {verdicts} of {} verdicts", self.seeds)?;
        let differences = METRICS.iter().zip(&self.differences);
        differences
            .into_iter()
            .try_for_each(|(name, difference)| write!(f, ", {name} {difference}"))
    }
}
