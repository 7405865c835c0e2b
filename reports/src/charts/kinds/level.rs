use crate::charts::caption::{left_out, note};
use crate::charts::frame::{Row, Tick, over_time};
use crate::charts::kind::{Draw, Kind};
use crate::charts::lines::{line, range};
use crate::charts::picture::Drawn;
use crate::charts::scale::Scale;
use crate::format;
use crate::palette::{SECOND, SERIES};
use crate::policies::in_words;
use crate::result::{LevelSeries, RunResult};
use crate::windows::Windows;

/// More layers than this are not drawn.
const LAYERS: usize = 12;

pub(super) const KIND: Kind =
    Kind { name: "level", title: "What a layer steers by", draw: Draw::Level(draw) };

/// A quantity that some layers steer by.
fn draw<'a>(result: &'a RunResult, level: &'a str) -> Drawn<'a> {
    let windows = Windows::of(&result.series);
    let layers = || {
        let policies = result.series.policies.iter();
        policies.filter_map(|(name, policy)| Some((name, policy.levels.get(level)?)))
    };
    let (title, tick) = meaning(level);
    let more = left_out(layers().count().saturating_sub(LAYERS), "more layer", "more layers");
    let caption = format!(
        "The mean over all instances of a layer at the end of each window (line), and the least and \
         the greatest value that one of them had in it (area); {}.{more}",
        note(result)
    );
    let rows =
        layers().take(LAYERS).map(|(name, series)| row(windows, name, series, tick)).collect();
    Ok(over_time(result, caption, Vec::new(), rows).titled(title))
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

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::fixture;
    use crate::palette;

    #[test]
    fn a_level_is_a_line_within_its_range() {
        let mut run = fixture::storm();
        let picture = KIND.of_run(&run).remove(0);
        assert_eq!(picture.id, "level-budget");
        assert!(picture.svg.contains("standard.retry → orders"));
        let area = format!("<polygon opacity=\"0.25\" fill=\"{}\"", palette::SERIES.hex());
        assert_eq!(picture.svg.matches(&area).count(), 1);
        let retry = run.series.policies.get_mut("standard.retry → orders").expect("a layer");
        let budget = retry.levels.get_mut("budget").expect("a level of the fixture");
        for values in [&mut budget.mean, &mut budget.min, &mut budget.max] {
            values[30] = None;
        }
        assert_eq!(KIND.of_run(&run)[0].svg.matches(&area).count(), 2, "a gap");
    }
}
