use cascadia_models::measure::{Happened, HappenedOften, LayerMeasured, LevelMeasured, LevelRange};
use cascadia_reports::result::{LevelResult, LevelSeries, PolicyResult, PolicySeries};

/// What a layer did in the whole run.
pub(super) fn result(layer: &LayerMeasured) -> PolicyResult {
    let mut result = PolicyResult::default();
    for HappenedOften { what, total, .. } in &layer.happened {
        let place = match what {
            Happened::Rejected(reason) => {
                result.rejected.entry(reason.name().to_owned()).or_default()
            }
            Happened::TimedOut => &mut result.timed_out,
            Happened::Retried(attempt) => retry(&mut result.retries, *attempt, 0),
            Happened::Denied(reason) => result.denied.entry(reason.name().to_owned()).or_default(),
            Happened::Opened => result.counts.entry("opened".to_owned()).or_default(),
            Happened::Counted(count) => result.counts.entry(count.name().to_owned()).or_default(),
        };
        *place = *total;
    }
    let levels = layer.levels.iter();
    result.levels =
        levels.map(|level| (level.level.name().to_owned(), level_result(level))).collect();
    result
}

/// What it did over time.
pub(super) fn series(layer: &LayerMeasured) -> PolicySeries {
    let mut result = PolicySeries::default();
    for HappenedOften { what, series, .. } in &layer.happened {
        let none = vec![0; series.len()];
        let place = match what {
            Happened::Rejected(reason) => {
                result.rejected.entry(reason.name().to_owned()).or_default()
            }
            Happened::TimedOut => &mut result.timed_out,
            Happened::Retried(attempt) => retry(&mut result.retries, *attempt, none),
            Happened::Denied(reason) => result.denied.entry(reason.name().to_owned()).or_default(),
            Happened::Opened => result.counts.entry("opened".to_owned()).or_default(),
            Happened::Counted(count) => result.counts.entry(count.name().to_owned()).or_default(),
        };
        place.clone_from(series);
    }
    let levels = layer.levels.iter();
    result.levels =
        levels.map(|level| (level.level.name().to_owned(), level_series(level))).collect();
    result
}

fn level_result(level: &LevelMeasured) -> LevelResult {
    let readings = || level.series.iter().flatten();
    LevelResult {
        last: level.series.last().copied().flatten().map(|reading| reading.mean),
        min: readings().map(|reading| reading.min).reduce(f64::min),
        max: readings().map(|reading| reading.max).reduce(f64::max),
    }
}

fn level_series(level: &LevelMeasured) -> LevelSeries {
    let each = |value: fn(&LevelRange) -> f64| {
        level.series.iter().map(|reading| reading.as_ref().map(value)).collect()
    };
    LevelSeries {
        mean: each(|reading| reading.mean),
        min: each(|reading| reading.min),
        max: each(|reading| reading.max),
    }
}

/// Where the retries of one attempt, the first of which is number 1, are counted.
fn retry<T: Clone>(by_attempt: &mut Vec<T>, attempt: u16, none: T) -> &mut T {
    let index = usize::from(attempt).saturating_sub(1);
    if by_attempt.len() <= index {
        by_attempt.resize(index + 1, none);
    }
    &mut by_attempt[index]
}
