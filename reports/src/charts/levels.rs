use std::collections::BTreeSet;

use super::frame::{self, Row, Tick};
use super::lines::{line, range};
use super::scale::Scale;
use super::{Chart, plot};
use crate::format;
use crate::palette::{SECOND, SERIES};
use crate::policies::in_words;
use crate::result::{LevelSeries, RunResult};
use crate::windows::Windows;

/// More layers than this are not drawn.
const LAYERS: usize = 12;

/// A chart for each quantity that some layer steers by.
pub(super) fn charts(result: &RunResult) -> Vec<Chart> {
    let policies = result.series.policies.values();
    let levels: BTreeSet<&String> = policies.flat_map(|policy| policy.levels.keys()).collect();
    levels.into_iter().map(|level| chart(result, level)).collect()
}

fn chart(result: &RunResult, level: &str) -> Chart {
    let windows = Windows::of(&result.series);
    let layers = || {
        let policies = result.series.policies.iter();
        policies.filter_map(|(name, policy)| Some((name, policy.levels.get(level)?)))
    };
    let (title, tick) = meaning(level);
    let more = match layers().count().saturating_sub(LAYERS) {
        0 => String::new(),
        n => format!(" {n} more layers are not shown."),
    };
    let caption = format!(
        "The mean over all instances of a layer at the end of each window (line), and the least and \
         the greatest value that one of them had in it (area); {}.{more}",
        plot::note(result)
    );
    let rows: Vec<Row<'_>> =
        layers().take(LAYERS).map(|(name, series)| row(windows, name, series, tick)).collect();
    let svg = frame::render(result, (&title, &caption), &[], &rows);
    Chart { kind: "level", id: format!("level-{}", plot::slug(level)), title, caption, svg }
}

/// What a level says, and how its values are written.
fn meaning(level: &str) -> (String, Tick) {
    let known = match level {
        "budget" => "Budget: retries or hedges that it would pay for",
        "limit" => "Limit: calls that may be under way at once",
        "refused" => return ("Share of calls that are refused".to_owned(), format::share),
        "ejected" => "Endpoints that are ejected",
        other => return (in_words(other), format::number),
    };
    (known.to_owned(), format::number)
}

fn row<'a>(windows: Windows, name: &str, series: &'a LevelSeries, tick: Tick) -> Row<'a> {
    let most = series.max.iter().flatten().copied().fold(0.0, f64::max);
    Row {
        heading: None,
        label: name.to_owned(),
        height: 62.0,
        scale: Some((Scale::from_zero(most), tick)),
        paint: Box::new(move |canvas, space| {
            range(canvas, space, windows, (&series.min, &series.max), SERIES);
            line(canvas, space, windows, &series.mean, SECOND);
        }),
    }
}
