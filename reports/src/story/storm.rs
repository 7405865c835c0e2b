use crate::format;
use crate::result::{LoadResult, RunResult, Sustained};

/// From so much of its work on it is worth a word that a service does it for nobody.
const VAIN: f64 = 0.05;

/// Whether an overload went on after its cause had gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storm {
    /// It did: a load is metastable.
    pub sustained: bool,
    /// What keeps it so is known: attempts that have become more, or work that helps nobody.
    pub is_explained: bool,
    /// What of the load keeps it so, such as retries.
    pub kept_by: Option<&'static str>,
    /// The figures, in one or two sentences.
    pub text: String,
}

/// What keeps the first load down that is metastable, or else how many attempts a request took.
pub fn storm(result: &RunResult) -> Storm {
    let mut found = result.recoveries.iter();
    let found = found.find_map(|one| Some((&one.fault, one.sustained.as_ref()?)));
    match found {
        Some((fault, of)) => {
            let kept_by = multipliers(of);
            let is_explained = kept_by.is_some() || vain(of) >= VAIN;
            Storm { sustained: true, is_explained, kept_by, text: text(fault, of) }
        }
        None => Storm { sustained: false, is_explained: false, kept_by: None, text: calm(result) },
    }
}

fn text(fault: &str, of: &Sustained) -> String {
    let service = &of.service;
    let tries = format!(
        "{} per request ({} before)",
        attempts(of.attempts),
        format::number(of.attempts_before)
    );
    let work = match () {
        () if vain(of) < VAIN => {
            format!("{} requests wait for {service}", format::number(of.waiting))
        }
        () if of.wasted_share >= of.refusing_share => {
            let wasted = format::share(of.wasted_share);
            format!("{wasted} of the work of {service} is for callers that had gone")
        }
        () => {
            format!("{} of the work of {service} is to refuse", format::share(of.refusing_share))
        }
    };
    let why = match multipliers(of) {
        Some(what) => {
            format!("The {what} keep it busy, and its delay keeps them coming")
        }
        None => "It falls no further behind, but it does not catch up".to_owned(),
    };
    format!("Long after {fault}: {tries}, and {work}. {why}: the overload sustains itself.")
}

/// Which share of a service's work helps nobody.
fn vain(of: &Sustained) -> f64 {
    of.wasted_share.max(of.refusing_share)
}

/// What made several attempts of a request, where they have become more.
fn multipliers(of: &Sustained) -> Option<&'static str> {
    match (of.retries, of.copies) {
        (true, true) => Some("further attempts"),
        (true, false) => Some("retries"),
        (false, true) => Some("copies"),
        (false, false) => None,
    }
}

fn calm(result: &RunResult) -> String {
    let sum = |of: fn(&LoadResult) -> u64| result.loads.values().map(of).sum::<u64>();
    let (offered, tries) = (sum(|load| load.offered), sum(|load| load.attempts));
    match offered {
        0 => "No request was offered.".to_owned(),
        _ => format!("{} per request over the run.", attempts(tries as f64 / offered as f64)),
    }
}

fn attempts(tries: f64) -> String {
    let number = format::number(tries);
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} attempt{plural}")
}

#[cfg(test)]
mod tests {
    use super::storm;
    use crate::fixture;

    #[test]
    fn a_storm_that_feeds_itself_is_called_one() {
        let found = storm(&fixture::storm());
        assert!(found.sustained);
        assert_eq!(
            found.text,
            "Long after db-slow: 2.86 attempts per request (1.01 before), and 87 % of the work of \
             db is for callers that had gone. The retries keep it busy, and its delay keeps them coming: \
             the overload sustains itself."
        );
    }

    #[test]
    fn what_made_the_attempts_is_what_keeps_it_busy() {
        let told = |retries, copies| {
            let mut run = fixture::storm();
            let sustained = run.recoveries[0].sustained.as_mut().expect("it is metastable");
            (sustained.retries, sustained.copies) = (retries, copies);
            storm(&run).text
        };
        assert!(told(true, true).contains("The further attempts keep it busy"));
        assert!(told(false, true).contains("The copies keep it busy"));
        assert!(
            told(false, false).contains("It falls no further behind, but it does not catch up")
        );
    }

    #[test]
    fn what_is_not_wasted_is_told_by_refusals_or_by_the_queue() {
        let mut run = fixture::storm();
        let sustained = run.recoveries[0].sustained.as_mut().expect("it is metastable");
        sustained.wasted_share = 0.01;
        assert!(storm(&run).text.contains("and 930 requests wait for db."), "{}", storm(&run).text);
        let sustained = run.recoveries[0].sustained.as_mut().expect("it is metastable");
        sustained.refusing_share = 0.6;
        assert!(storm(&run).text.contains("and 60 % of the work of db is to refuse."));
    }

    #[test]
    fn without_an_overload_the_attempts_are_counted() {
        let mut run = fixture::storm();
        run.recoveries.clear();
        assert!(!storm(&run).sustained);
        assert!(storm(&run).text.ends_with("attempts per request over the run."));
        run.loads.values_mut().for_each(|load| load.attempts = load.offered);
        assert_eq!(storm(&run).text, "1 attempt per request over the run.");
    }
}
