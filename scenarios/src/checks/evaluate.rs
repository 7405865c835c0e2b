use cascadia_models::measure::metrics::Unit;
use cascadia_models::measure::{Count, Ended, ProbeMeasured};

use super::grammar::Op;
use super::value::{full, text_of};
use super::{Check, Condition, Sample};
use crate::units::{duration_text, share_text};

/// Where fewer requests than this share ended in ok, a latency of those is said to be one of those alone.
const COVERED: f64 = 0.99;

/// What became of a check in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckOutcome {
    /// What was measured, in nanoseconds, requests a second, shares of one or plain numbers; for
    /// `within` in the window that is farthest from the baseline.
    pub measured: Option<f64>,
    /// The same for people; where the check is inconclusive, why it is.
    pub measured_text: String,
    /// What it was held against, in the same unit; for `within` the baseline.
    pub bound: f64,
    /// The same for people, with the comparison.
    pub bound_text: String,
    /// The verdict.
    pub status: CheckStatus,
    /// Where the window begins.
    pub start_ns: u64,
    /// Where it ends.
    pub end_ns: u64,
}

/// The verdict on a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckStatus {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// There was nothing, or too little, to say it of.
    Inconclusive,
}

impl Check {
    /// Holds the check against what the probes of the plan measured, in their order.
    pub fn evaluate(&self, probes: &[ProbeMeasured]) -> CheckOutcome {
        match &self.condition {
            Condition::Bound { op, bound, probe } => {
                let outcome = self.against_bound(*op, *bound, self.value(*probe, probes));
                let whom = self.of_whom(*probe, probes).unwrap_or_default();
                CheckOutcome {
                    measured_text: format!("{}{whom}", outcome.measured_text),
                    ..outcome
                }
            }
            Condition::Within { share, baseline, windows, width } => {
                let baseline = self.value(*baseline, probes);
                let values: Vec<Option<f64>> =
                    windows.iter().map(|window| self.value(*window, probes)).collect();
                self.against_baseline(*share, baseline, &values, *width)
            }
        }
    }

    fn against_bound(&self, op: Op, bound: f64, measured: Option<f64>) -> CheckOutcome {
        let bound_text = format!("{} {}", op.text(), text_of(self.unit, bound));
        match measured {
            None => self.outcome(None, no_samples(), bound, bound_text, CheckStatus::Inconclusive),
            Some(measured) => {
                let holds = op.holds(measured, bound);
                let status = if holds { CheckStatus::Passed } else { CheckStatus::Failed };
                let text = self.measured_text(measured, bound);
                self.outcome(Some(measured), text, bound, bound_text, status)
            }
        }
    }

    fn against_baseline(
        &self,
        share: f64,
        baseline: Option<f64>,
        values: &[Option<f64>],
        width: u64,
    ) -> CheckOutcome {
        let Some(bound) = baseline else {
            let text = format!("within {} of the baseline", share_text(share));
            let why = format!("{} before the first fault", no_samples());
            return self.outcome(None, why, 0.0, text, CheckStatus::Inconclusive);
        };
        let mut farthest: Option<f64> = None;
        for value in values.iter().flatten() {
            if farthest.is_none_or(|far| (value - bound).abs() > (far - bound).abs()) {
                farthest = Some(*value);
            }
        }
        let text = format!("within {} of {}", share_text(share), text_of(self.unit, bound));
        let window = duration_text(width as f64);
        let (status, measured_text) = match farthest {
            Some(far) if (far - bound).abs() > share * bound.abs() => {
                (CheckStatus::Failed, self.measured_text(far, bound))
            }
            Some(far) if values.iter().all(Option::is_some) => {
                (CheckStatus::Passed, self.measured_text(far, bound))
            }
            _ => (CheckStatus::Inconclusive, format!("{} in a window of {window}", no_samples())),
        };
        self.outcome(farthest, measured_text, bound, text, status)
    }

    /// The measured value, with all its digits where rounding would hide that it is not the bound.
    fn measured_text(&self, measured: f64, bound: f64) -> String {
        let text = text_of(self.unit, measured);
        let hides = measured != bound && text == text_of(self.unit, bound);
        if hides { full(self.unit, measured) } else { text }
    }

    fn outcome(
        &self,
        measured: Option<f64>,
        measured_text: String,
        bound: f64,
        bound_text: String,
        status: CheckStatus,
    ) -> CheckOutcome {
        let (start_ns, end_ns) = (self.start_ns, self.end_ns);
        CheckOutcome { measured, measured_text, bound, bound_text, status, start_ns, end_ns }
    }

    /// Whom a latency is of that leaves many out, as those do that go by what ended in ok.
    fn of_whom(&self, sample: Sample, probes: &[ProbeMeasured]) -> Option<String> {
        let is_of_ok = self.unit == Unit::Duration && !self.metric.name.starts_with("all_");
        let ProbeMeasured::Load { sent, .. } = probes.get(sample.probe).filter(|_| is_of_ok)?
        else {
            return None;
        };
        let (ok, offered) = (sent.outcomes[Ended::Ok.index()], sent.counts[Count::Offered]);
        let share = ok as f64 / offered as f64;
        (share < COVERED && ok > 0)
            .then(|| format!(", of the {} that ended in ok", share_text(share)))
    }

    fn value(&self, sample: Sample, probes: &[ProbeMeasured]) -> Option<f64> {
        self.metric.read(self.unit, probes.get(sample.probe)?, sample.nanos)
    }
}

fn no_samples() -> String {
    "too few samples".to_owned()
}
