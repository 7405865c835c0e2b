use cascadia_models::measure::metrics::{Family, Metric};
use cascadia_patterns::call::Kind;

use crate::nearest::nearest;
use crate::units::{Duration, Unreadable};

/// Percentiles that are suggested: digits after the point.
const USUAL: [&str; 4] = ["50", "95", "99", "999"];

/// The metric that `text` names, or what is wrong with the limit that ends it.
pub(super) fn find<'a>(
    metrics: &[Metric],
    text: &'a str,
) -> Option<Result<Metric, (&'a str, Unreadable)>> {
    metrics.iter().find_map(|metric| match metric.family() {
        None => (metric.name == text).then_some(Ok(*metric)),
        Some(Family::Percentiles) => {
            let share = percentile(text.strip_prefix(metric.name)?)?;
            Some(Ok(metric.percentile(share)))
        }
        Some(Family::Kinds) => {
            let kind = text.strip_prefix(metric.name).and_then(Kind::named);
            let kind = kind.filter(|kind| kind.is_answered())?;
            Some(Ok(metric.kind(kind)))
        }
        Some(Family::Limits) => {
            let limit = after(text, metric.name)?;
            let parsed = Duration::parse(limit);
            Some(parsed.map(|limit| metric.limit(limit.std())).map_err(|wrong| (limit, wrong)))
        }
    })
}

/// Whether `text` is meant for a family whose members are told apart after a point.
pub(super) fn is_member(metrics: &[Metric], text: &str) -> bool {
    let family = metrics.iter().find(|metric| metric.family() == Some(Family::Kinds));
    family.is_some_and(|family| text.starts_with(family.name))
}

/// What to write instead of `word`, which is no metric of these.
pub(super) fn help(metrics: &[Metric], word: &str) -> String {
    let words: Vec<String> = metrics.iter().flat_map(members).collect();
    if let Some(found) = nearest(word, words.iter().map(String::as_str)) {
        return format!("did you mean `{found}`?");
    }
    let words = metrics.iter().flat_map(|metric| match metric.family() {
        Some(Family::Kinds) => vec![metric.form()],
        _ => members(metric),
    });
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    format!("there is {}", words.join(", "))
}

/// A metric as a check names it, or some members of a family.
fn members(metric: &Metric) -> Vec<String> {
    match metric.family() {
        Some(Family::Percentiles) => {
            USUAL.map(|digits| format!("{}{digits}", metric.name)).to_vec()
        }
        Some(Family::Kinds) => {
            let answered = Kind::ALL.into_iter().filter(|kind| kind.is_answered());
            answered.map(|kind| format!("{}{}", metric.name, kind.name())).collect()
        }
        _ => vec![metric.form()],
    }
}

/// The share that digits after the point mean.
fn percentile(digits: &str) -> Option<f64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let length = u32::try_from(digits.len()).ok()?;
    let valid = plain && (2..=5).contains(&length);
    let digits: u32 = valid.then(|| digits.parse().ok()).flatten()?;
    (digits > 0).then(|| f64::from(digits) / f64::from(10_u32.pow(length)))
}

/// What comes after words, however they are spaced.
fn after<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    words
        .split(' ')
        .try_fold(text, |rest, word| rest.trim_start().strip_prefix(word))
        .map(str::trim_start)
}

#[cfg(test)]
mod tests {
    use cascadia_models::measure::metrics::Of;

    use super::*;

    #[test]
    fn percentiles_are_digits_after_the_point() {
        assert_eq!(percentile("50"), Some(0.5));
        assert_eq!(percentile("99999"), Some(0.999_99));
        for word in ["p", "p9", "p00", "p999999", "p9x", "q99"] {
            assert!(find(&Of::Loads.metrics(), word).is_none(), "{word}");
        }
    }

    #[test]
    fn every_metric_is_found_by_every_name_that_is_suggested_for_it() {
        for of in Of::ALL {
            for metric in of.metrics() {
                for word in members(&metric) {
                    let word = word.replace(" D", " 50ms");
                    let found = find(&of.metrics(), &word)
                        .expect("it is a metric")
                        .expect("it has a limit");
                    assert_eq!(found.name, metric.name, "{word}");
                }
            }
        }
    }
}
