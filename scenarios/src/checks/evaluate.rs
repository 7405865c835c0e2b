use cascadia_models::measure::metrics::{Metric, Unit};
use cascadia_models::measure::{Count, Ended, ProbeMeasured};
use cascadia_models::recovery::Recovery;

use super::grammar::Op;
use super::outcome::{CheckOutcome, CheckStatus};
use super::sample::Sample;
use super::value::{full, text_of};
use super::within::{Finding, Silent, Within};
use super::{Check, Condition, Figure};
use crate::units::{duration_text, share_text};

/// Where fewer requests than this share ended in ok, a latency of those is said to be one of those alone.
const COVERED: f64 = 0.99;

impl Check {
    /// Holds the check against what the probes of the plan measured, in their order, and what became of
    /// the loads after each fault.
    pub fn evaluate(&self, probes: &[ProbeMeasured], recoveries: &[Recovery]) -> CheckOutcome {
        match &self.condition {
            Condition::Bound { figure, op, bound, sample } => {
                let outcome = self.against_bound(*figure, *op, *bound, figure.of(sample, probes));
                let whom = figure.of_whom(sample, probes).unwrap_or_default();
                CheckOutcome {
                    measured_text: format!("{}{whom}", outcome.measured_text),
                    ..outcome
                }
            }
            Condition::Within { metric, within } => match within.judge(metric, probes) {
                Ok(finding) => self.found(metric.natural(), within, &finding),
                Err(silent) => self.silent(metric, within, silent),
            },
            Condition::Recovered { loads, fault, within } => {
                self.recovered((loads, *fault, *within), recoveries)
            }
            Condition::NotMetastable { loads } => self.not_metastable(loads, recoveries),
        }
    }

    fn against_bound(
        &self,
        figure: Figure,
        op: Op,
        bound: f64,
        measured: Option<f64>,
    ) -> CheckOutcome {
        let bound_text = format!("{} {}", op.text(), text_of(figure.unit, bound));
        let (status, measured_text) = match measured {
            None => (CheckStatus::Inconclusive, no_samples()),
            Some(measured) if op.holds(measured, bound) => {
                (CheckStatus::Passed, apart(figure.unit, measured, bound))
            }
            Some(measured) => (CheckStatus::Failed, apart(figure.unit, measured, bound)),
        };
        let (start_ns, end_ns) = (self.start_ns, self.end_ns);
        CheckOutcome { measured, measured_text, bound, bound_text, status, start_ns, end_ns }
    }

    fn found(&self, unit: Unit, within: &Within, finding: &Finding) -> CheckOutcome {
        let Finding { status, measured, allowed: (least, most), due, from, until } = *finding;
        let bound = if measured < due { least } else { most };
        let said = text_of(unit, measured);
        let [due, least, most] = [due, least, most].map(|value| text_of(unit, value));
        let verdict = match status {
            CheckStatus::Inconclusive => "too little to tell it from chance: ",
            CheckStatus::Passed | CheckStatus::Failed => "",
        };
        CheckOutcome {
            measured: Some(measured),
            measured_text: format!("{verdict}{said}, where {least} to {most} is let pass"),
            bound,
            bound_text: format!("within {} of {due}", share_text(within.share)),
            status,
            start_ns: from,
            end_ns: until,
        }
    }

    fn silent(&self, metric: &Metric, within: &Within, silent: Silent) -> CheckOutcome {
        let width = within.windows.first().map_or(0, |window| window.sample.nanos());
        let width = duration_text(width as f64);
        let measured_text = match silent {
            Silent::Before => format!("{} before the first fault", no_samples()),
            Silent::During => format!("{} in a window of {width}", no_samples()),
            Silent::Scatter => format!(
                "too few windows of {width} before the first fault to tell how {} scatters",
                metric.name
            ),
        };
        CheckOutcome {
            measured: None,
            measured_text,
            bound: 0.0,
            bound_text: format!("within {} of the baseline", share_text(within.share)),
            status: CheckStatus::Inconclusive,
            start_ns: self.start_ns,
            end_ns: self.end_ns,
        }
    }
}

impl Figure {
    fn of(self, sample: &Sample, probes: &[ProbeMeasured]) -> Option<f64> {
        self.metric.read(self.unit, &*sample.of(probes)?, sample.nanos())
    }

    /// Whom a latency is of that leaves many out, as those do that go by what ended in ok.
    fn of_whom(self, sample: &Sample, probes: &[ProbeMeasured]) -> Option<String> {
        if self.unit != Unit::Duration || self.metric.name.starts_with("all_") {
            return None;
        }
        let measured = sample.of(probes)?;
        let ProbeMeasured::Load { sent, .. } = &*measured else { return None };
        let (ok, offered) = (sent.outcomes[Ended::Ok.index()], sent.counts[Count::Offered]);
        let share = ok as f64 / offered as f64;
        (share < COVERED && ok > 0)
            .then(|| format!(", of the {} that ended in ok", share_text(share)))
    }
}

/// A measured value, with all its digits where rounding would hide that it is not the bound.
fn apart(unit: Unit, measured: f64, bound: f64) -> String {
    let text = text_of(unit, measured);
    let hides = measured != bound && text == text_of(unit, bound);
    if hides { full(unit, measured) } else { text }
}

fn no_samples() -> String {
    "too few samples".to_owned()
}
