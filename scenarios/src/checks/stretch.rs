use std::ops::Range;

use cascadia_models::measure::metrics::{Exposure, Metric};
use cascadia_models::plan::{Arrivals, Depth, LoadPlan, Subject};

use super::grammar::Parts;
use super::probes::Probes;
use super::resolve::One;
use super::sample::Sample;
use super::subject::Whom;
use super::within::{By, Stretch, Within};
use crate::diagnostics::Report;
use crate::resolve::Resolved;
use crate::units::duration_text;

/// Most windows of one check.
const MOST_WINDOWS: u64 = 10_000;

/// From where to where.
type Span = (u64, u64);

impl One<'_, '_> {
    /// What is to be measured for a metric to be held against its baseline.
    pub(super) fn within(
        &self,
        (whom, metric): (Whom, Metric),
        (share, baseline, windows): (f64, Span, Vec<Span>),
        probes: &mut Probes,
        report: &mut Report,
    ) -> Option<Within> {
        let depth = metric.depth(metric.natural());
        let mut stretch = |span| {
            let sample = self.probe(probes, whom, span, depth, report)?;
            Some(Stretch { sample, sending: self.sending(whom, span) })
        };
        let (from, until) = (windows.first()?.0, windows.last()?.1);
        let by = match self.exposure(whom, &metric) {
            Some(exposure) => By::Counts {
                exposure,
                baseline: stretch(baseline)?,
                whole: stretch((from, until))?,
            },
            None => {
                let windows = self.windows(baseline).map(&mut stretch);
                By::Scatter { baseline: windows.collect::<Option<_>>()? }
            }
        };
        let windows: Option<Vec<_>> = windows.into_iter().map(stretch).collect();
        Some(Within { share, by, windows: windows? })
    }

    /// What a count grows with: clients that wait for their answers offer less because of a loss, so
    /// of those it is time.
    fn exposure(&self, whom: Whom, metric: &Metric) -> Option<Exposure> {
        let exposure = metric.exposure()?;
        let waits = |load: &LoadPlan| matches!(load.arrivals, Arrivals::Closed { .. });
        Some(if self.loads(whom).any(waits) { Exposure::Time } else { exposure })
    }

    fn loads(&self, whom: Whom) -> impl Iterator<Item = &LoadPlan> {
        self.parties(whom).into_iter().filter_map(|party| match party {
            Subject::Load(load) => self.resolved.plan.loads.get(load.0 as usize),
            _ => None,
        })
    }

    /// When the first of the loads begins and the last ends; always, where it is about no load.
    pub(super) fn life(&self, whom: Whom) -> Span {
        let spans = self.loads(whom).map(|load| (load.from.as_nanos(), load.until.as_nanos()));
        let life = spans.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        life.unwrap_or((0, u64::MAX))
    }

    /// For how long of a stretch of time somebody sends.
    fn sending(&self, whom: Whom, (from, until): Span) -> u64 {
        let (begin, end) = self.life(whom);
        until.min(end).saturating_sub(from.max(begin))
    }

    /// The whole windows of a stretch of time.
    fn windows(&self, (from, until): Span) -> impl Iterator<Item = Span> + use<> {
        let width = self.resolved.timing.window;
        let count = until.saturating_sub(from) / width;
        (0..count).map(move |at| (from + at * width, from + (at + 1) * width))
    }

    /// From the warm-up to the first fault, as long as the load is there that is looked at.
    pub(super) fn baseline(
        &self,
        whom: Whom,
        range: Range<usize>,
        report: &mut Report,
    ) -> Option<Span> {
        let Resolved { timing, faults, nameless, .. } = self.resolved;
        let (message, help) = if faults.is_empty() && !nameless {
            ("without a fault there is no baseline".to_owned(), "compare with a fixed value")
        } else {
            // Where one of them is not known, any might be the first.
            let when = faults.values().map(|fault| Some(fault.when?.0));
            let first = when.collect::<Option<Vec<_>>>()?.into_iter().min()?;
            let (from, until) = self.life(whom);
            let warmup = timing.warmup.as_nanos();
            let (begin, end) = (warmup.max(from), first.min(until));
            match begin < end {
                true if *nameless || !timing.known => return None,
                true => return Some((begin, end)),
                false if first <= warmup => (
                    "the first fault begins before the warm-up is over".to_owned(),
                    "begin it later",
                ),
                false => (
                    format!(
                        "`{}` sends nothing between the warm-up and the first fault",
                        self.element.subject
                    ),
                    "compare with a fixed value, or let the fault begin later",
                ),
            }
        };
        self.refuse("S044", range, &message, help, report);
        None
    }

    /// The whole windows in a window, of which there is at least one.
    pub(super) fn whole(
        &self,
        parts: &Parts,
        (from, until): Span,
        report: &mut Report,
    ) -> Option<Vec<Span>> {
        let width = self.resolved.timing.window;
        let count = until.saturating_sub(from) / width;
        let (message, help) = match count {
            0 => (
                format!(
                    "this is shorter than a window of {}, so there is none to look at",
                    duration_text(width as f64)
                ),
                "make `run.window` shorter",
            ),
            1..=MOST_WINDOWS => {
                return Some(self.windows((from, until)).collect());
            }
            _ => (
                format!("there are {count} windows here; at most {MOST_WINDOWS} are looked at"),
                "make `run.window` longer",
            ),
        };
        let range = parts.window.clone().unwrap_or_else(|| parts.metric.clone());
        self.refuse("S043", range, &message, help, report);
        None
    }

    /// The probes of a stretch of time.
    pub(super) fn probe(
        &self,
        probes: &mut Probes,
        whom: Whom,
        (from, until): Span,
        depth: Depth,
        report: &mut Report,
    ) -> Option<Sample> {
        let parties = self.parties(whom).into_iter();
        let added: Option<Vec<usize>> =
            parties.map(|party| probes.add(party, (from, until), depth)).collect();
        if added.is_none() {
            let message = "the checks of this file look at too many windows";
            let all = 0..self.element.text.len();
            self.refuse("S043", all, message, "make run.window longer", report);
        }
        Some(Sample { probes: added?, from, until })
    }
}
