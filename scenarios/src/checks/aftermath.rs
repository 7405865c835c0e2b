use cascadia_models::plan::LoadId;
use cascadia_models::recovery::{Recovery, Verdict};

use super::Check;
use super::outcome::{CheckOutcome, CheckStatus};
use crate::units::duration_text;

impl Check {
    /// Whether each of these loads was back in time.
    pub(super) fn recovered(
        &self,
        (loads, fault, within): (&[LoadId], usize, u64),
        recoveries: &[Recovery],
    ) -> CheckOutcome {
        let verdict = |load: &LoadId| {
            let mut all = recoveries.iter();
            all.find(|one| one.load == *load && one.fault == fault).map(|one| &one.verdict)
        };
        let verdicts: Vec<Option<&Verdict>> = loads.iter().map(verdict).collect();
        let back = verdicts.iter().map(|verdict| verdict.and_then(Verdict::back));
        let all: Option<Vec<u64>> = back.collect();
        let last = all.and_then(|back| back.into_iter().max());
        let is_late = |verdict: &&Verdict| match verdict {
            Verdict::NotRecovered { .. } => true,
            verdict => verdict.back().is_some_and(|back| back > within),
        };
        let status = match last {
            _ if verdicts.iter().flatten().any(is_late) => CheckStatus::Failed,
            Some(_) => CheckStatus::Passed,
            None => CheckStatus::Inconclusive,
        };
        let known = verdicts.iter().flatten();
        let late = known.filter_map(|verdict| verdict.back()).max().filter(|back| *back > within);
        let is_down = |verdict: &&Verdict| matches!(verdict, Verdict::NotRecovered { .. });
        // A load that was late decides, whatever is not known of others.
        let text = match last.or(late) {
            Some(0) => "at once".to_owned(),
            Some(back) if !verdicts.iter().flatten().any(is_down) => duration_text(back as f64),
            _ => doubt(&verdicts).to_owned(),
        };
        self.told(status, last.map(|last| last as f64), text, within as f64)
    }

    /// Whether none of these loads is kept down.
    pub(super) fn not_metastable(&self, loads: &[LoadId], recoveries: &[Recovery]) -> CheckOutcome {
        let ours = || recoveries.iter().filter(|one| loads.contains(&one.load));
        let is_known = |one: &Recovery| {
            matches!(one.verdict, Verdict::Recovered { .. } | Verdict::NotRecovered { .. })
        };
        let known = ours().filter(|one| is_known(one)).count();
        let kept = ours().filter(|one| one.verdict.is_metastable()).count();
        let (status, text) = match (kept, known) {
            (0, 0) => {
                let verdicts: Vec<_> = ours().map(|one| Some(&one.verdict)).collect();
                (CheckStatus::Inconclusive, doubt(&verdicts))
            }
            (0, _) => (CheckStatus::Passed, "no"),
            _ => (CheckStatus::Failed, "yes"),
        };
        self.told(status, (known > 0).then_some(kept as f64), text.to_owned(), 0.0)
    }

    fn told(
        &self,
        status: CheckStatus,
        measured: Option<f64>,
        measured_text: String,
        bound: f64,
    ) -> CheckOutcome {
        let (start_ns, end_ns) = (self.start_ns, self.end_ns);
        let bound_text = match bound {
            0.0 => "no".to_owned(),
            bound => format!("within {}", duration_text(bound)),
        };
        CheckOutcome { measured, measured_text, bound, bound_text, status, start_ns, end_ns }
    }
}

/// Why it is not known when all were back, the worst first.
fn doubt(verdicts: &[Option<&Verdict>]) -> &'static str {
    let any = |is_it: fn(&Verdict) -> bool| verdicts.iter().flatten().any(|one| is_it(one));
    match () {
        () if any(Verdict::is_metastable) => "metastable: it keeps itself down",
        () if any(|one| matches!(one, Verdict::NotRecovered { .. })) => "not back",
        () if any(|one| matches!(one, Verdict::OtherLoad)) => "the load changes by plan",
        () if any(|one| matches!(one, Verdict::TooFew)) => "too few requests to tell",
        () => "nothing to compare with before the first fault",
    }
}
