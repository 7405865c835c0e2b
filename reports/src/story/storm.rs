use crate::format;
use crate::result::RunResult;
use crate::windows::Windows;

/// Attempts grew by more than this factor, and …
const GROWN: f64 = 1.25;
/// … at least this share of a service's work was wasted: then the storm feeds itself.
const WASTED: f64 = 0.2;

/// What a hedge counts its copies by.
const COPIES: &str = "hedged";

/// Whether retries kept an overload alive after its cause had gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storm {
    /// They did: attempts grew, and a service is busy with work that nobody waits for.
    pub sustained: bool,
    /// The figures, in one or two sentences.
    pub text: String,
}

/// Looks for a retry storm: the stretch before the first fault is compared with the second half
/// of what follows the last one.
pub fn storm(result: &RunResult) -> Storm {
    let begin = result.faults.iter().map(|fault| fault.start_ns).min();
    let last = result.faults.iter().max_by_key(|fault| fault.end_ns);
    let (Some(begin), Some(last)) = (begin, last) else { return calm(result) };
    let end = result.series.end_ns;
    let middle = last.end_ns.saturating_add(end.saturating_sub(last.end_ns) / 2);
    let (Some(before), Some(after)) = (tries(result, 0, begin), tries(result, middle, end)) else {
        return calm(result);
    };
    let mut text = format!(
        "Long after {}: {} per request ({} before)",
        last.name,
        attempts(after),
        format::number(before)
    );
    let wasteful = most_wasteful(result, middle, end);
    if let Some((service, wasted)) = wasteful {
        let wasted = format::share(wasted);
        text += &format!(", and {wasted} of {service}'s work is for callers that had gone");
    }
    text.push('.');
    let sustained = after >= GROWN * before && wasteful.is_some_and(|(_, share)| share >= WASTED);
    if sustained {
        text += &format!(
            " The {} keep it busy, and its delay keeps them coming: the overload sustains itself.",
            multipliers(result)
        );
    }
    Storm { sustained, text }
}

/// What made several attempts of a request.
fn multipliers(result: &RunResult) -> &'static str {
    let mut layers = result.policies.values();
    let retries = layers.any(|layer| layer.retries.iter().any(|count| *count > 0));
    let mut layers = result.policies.values();
    let copies = layers.any(|layer| layer.counts.get(COPIES).is_some_and(|count| *count > 0));
    match (retries, copies) {
        (true, false) => "retries",
        (false, true) => "copies",
        _ => "further attempts",
    }
}

fn calm(result: &RunResult) -> Storm {
    let text = match tries(result, 0, result.series.end_ns) {
        Some(tries) => format!("{} per request over the run.", attempts(tries)),
        None => "No request was offered.".to_owned(),
    };
    Storm { sustained: false, text }
}

fn attempts(tries: f64) -> String {
    let number = format::number(tries);
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} attempt{plural}")
}

/// Attempts per offered request of all loads in a stretch of time.
fn tries(result: &RunResult, from_ns: u64, to_ns: u64) -> Option<f64> {
    let windows = Windows::of(&result.series);
    let total = |counts: &[u64]| -> u64 {
        windows.within(from_ns, to_ns).filter_map(|at| counts.get(at)).sum()
    };
    let loads = || result.series.loads.values();
    let offered: u64 = loads().map(|load| total(&load.offered)).sum();
    let tries: u64 = loads().map(|load| total(&load.attempts)).sum();
    (offered > 0).then(|| tries as f64 / offered as f64)
}

/// The service that wasted the largest share of its busy time in a stretch of time.
fn most_wasteful(result: &RunResult, from_ns: u64, to_ns: u64) -> Option<(&str, f64)> {
    let windows = Windows::of(&result.series);
    let share = |series: &crate::result::ServiceSeries| {
        let (mut wasted, mut busy) = (0.0, 0.0);
        for at in windows.within(from_ns, to_ns) {
            let workers = series.in_service_mean.get(at).copied().unwrap_or(0.0);
            let gone = series.wasted_share.get(at).copied().flatten().unwrap_or(0.0);
            wasted += workers * gone;
            busy += workers;
        }
        (busy > 0.0 && wasted > 0.0).then(|| wasted / busy)
    };
    result
        .series
        .services
        .iter()
        .filter_map(|(name, series)| Some((name.as_str(), share(series)?)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::storm;
    use crate::fixture;
    use crate::result::RunResult;

    #[test]
    fn a_storm_that_feeds_itself_is_called_one() {
        let found = storm(&fixture::storm());
        assert!(found.sustained);
        assert_eq!(
            found.text,
            "Long after db-slow: 2.86 attempts per request (1.01 before), and 87 % of db's work is \
             for callers that had gone. The retries keep it busy, and its delay keeps them coming: \
             the overload sustains itself."
        );
    }

    #[test]
    fn what_made_the_attempts_is_what_keeps_it_busy() {
        let mut run = fixture::storm();
        let copies = |run: &mut RunResult, count| {
            let layer = run.policies.values_mut().next().expect("it has policies");
            layer.counts.insert(super::COPIES.to_owned(), count);
        };
        copies(&mut run, 7);
        assert!(storm(&run).text.contains("The further attempts keep it busy"));
        run.policies.values_mut().for_each(|layer| layer.retries.clear());
        assert!(storm(&run).text.contains("The copies keep it busy"));
        copies(&mut run, 0);
        assert!(!storm(&run).text.contains("copies"));
    }

    #[test]
    fn a_storm_without_waste_or_growth_is_not() {
        let mut run = fixture::storm();
        for service in run.series.services.values_mut() {
            service.wasted_share.fill(Some(0.0));
        }
        assert!(!storm(&run).sustained);
        run.faults.clear();
        assert!(storm(&run).text.ends_with("attempts per request over the run."));
        for load in run.series.loads.values_mut() {
            load.attempts = load.offered.clone();
        }
        assert_eq!(storm(&run).text, "1 attempt per request over the run.");
    }
}
