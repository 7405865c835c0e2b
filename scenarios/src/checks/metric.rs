use cascadia_models::measure::metrics::{Family, Metric};
use cascadia_patterns::call::Kind;

use crate::nearest::nearest;
use crate::units::{Duration, Unreadable};

/// Percentiles that are suggested: digits after the point.
const USUAL: [&str; 4] = ["50", "95", "99", "999"];

/// The metric that `text` names, or what is wrong with the limit or the digits that end it.
pub(super) fn find<'a>(
    metrics: &[Metric],
    text: &'a str,
) -> Option<Result<Metric, (&'a str, Unreadable)>> {
    metrics.iter().find_map(|metric| match metric.family() {
        None => (metric.name == text).then_some(Ok(*metric)),
        Some(Family::Percentiles) => {
            let digits = text.strip_prefix(metric.name)?;
            let is_number = |c: char| c.is_ascii_digit() || c == '.';
            let is_meant = digits.starts_with(|c: char| c.is_ascii_digit());
            let found = (is_meant && digits.chars().all(is_number)).then(|| percentile(digits))?;
            Some(found.map(|share| metric.percentile(share)).map_err(|wrong| (digits, wrong)))
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
    match words.is_empty() {
        true => "nothing is measured of it".to_owned(),
        false => format!("there is {}", words.join(", ")),
    }
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

/// The share that digits after the point mean. Of three digits and more the first is a 9 or a 0, as p101 was
/// hardly meant to be 10.1 %.
fn percentile(digits: &str) -> Result<f64, Unreadable> {
    let point = digits.contains('.');
    let plain: String = digits.chars().filter(char::is_ascii_digit).collect();
    let help = match plain.as_str() {
        "100" | "1000" => "the greatest of all is `max`".to_owned(),
        one if one.len() == 1 => format!("write p0{one} or p{one}0"),
        more if more.len() > 5 => "write at most five digits".to_owned(),
        more if more.bytes().all(|byte| byte == b'0') => "write at least p01".to_owned(),
        more if more.len() > 2 && !more.starts_with(['0', '9']) => format!("write p{}", &more[..2]),
        _ if point => format!("write p{plain}"),
        _ => {
            let number: f64 = plain.parse().unwrap_or_default();
            return Ok(number / f64::from(10_u32.pow(plain.len() as u32)));
        }
    };
    Err(Unreadable {
        code: "S041",
        message: format!("there is no percentile `p{digits}`"),
        help: format!("{help}; the digits are those after the point: p99 is 99 %, p999 is 99.9 %"),
    })
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
        assert_eq!(percentile("50"), Ok(0.5));
        assert_eq!(percentile("99999"), Ok(0.999_99));
        assert_eq!(percentile("005"), Ok(0.005));
        for word in ["p", "p9x", "q99", "p.9", "p-1"] {
            assert!(find(&Of::Loads.metrics(), word).is_none(), "{word}");
        }
        for word in ["p9", "p00", "p999999", "p100", "p101", "all_p500", "p99.9", "p9.9.9"] {
            let found = find(&Of::Loads.metrics(), word).expect("it is meant for a percentile");
            assert!(found.is_err(), "{word}");
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
