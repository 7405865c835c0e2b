use crate::charts::caption::note;
use crate::charts::frame::{Key, Row, over_time};
use crate::charts::kind::{Draw, Kind};
use crate::charts::lines::band;
use crate::charts::picture::Drawn;
use crate::charts::scale::Scale;
use crate::format;
use crate::palette::{Color, SERIES, kind};
use crate::result::{ComponentSeries, RunResult};
use crate::windows::Windows;

pub(super) const KIND: Kind =
    Kind { name: "progress", title: "Progress of sagas", draw: Draw::Sagas(draw) };

const DONE: usize = 1;
const BACK: usize = 2;
const STUCK: usize = 3;
const ORPHANS: usize = 5;

/// Where sagas are at the end of each window, and how many have ended by then, and how.
fn draw<'a>(result: &'a RunResult, name: &'a str) -> Drawn<'a> {
    let windows = Windows::of(&result.series);
    let series = result.series.components.get(name);
    let Some(series) = series.filter(|series| series.is_of_sagas()) else {
        return Err("Nothing is known of sagas of this name.".to_owned());
    };
    let back = level(series, "compensating");
    let running = level(series, "running");
    let forward = running.iter().zip(&back).map(|(all, back)| (all - back).max(0.0)).collect();
    let open = [(SERIES, forward), (kind(BACK), back), (kind(STUCK), level(series, "stuck"))];
    let ended =
        [(kind(DONE), so_far(series, "completed")), (kind(BACK), so_far(series, "compensated"))];
    let mut rows = vec![
        stacked(windows, "that have not ended", 120.0, open.into()),
        stacked(windows, "that have ended so far", 120.0, ended.into()),
    ];
    let orphans = level(series, "orphans");
    if orphans.iter().any(|count| *count > 0.0) {
        let label = "of those, some effect is left over, or missing";
        rows.push(stacked(windows, label, 62.0, vec![(kind(ORPHANS), orphans)]));
    }
    let caption = format!(
        "Sagas that go on, that go back and that are stuck, at the end of each window; and those that have \
         ended by then, done or undone. n = {} sagas; {}.",
        format::count(series.rows.get("started").map_or(0, |counts| counts.iter().sum())),
        note(result)
    );
    Ok(over_time(result, caption, legend(), rows))
}

fn legend() -> Vec<Key> {
    let key = |(color, text): (Color, &str)| (color, text.to_owned());
    let keys = [
        (SERIES, "goes on"),
        (kind(BACK), "goes back, or has gone back"),
        (kind(STUCK), "is stuck"),
        (kind(DONE), "is done"),
    ];
    keys.map(key).into()
}

fn level(series: &ComponentSeries, name: &str) -> Vec<f64> {
    let values = series.levels.get(name).map(|values| values.iter().map(|value| *value as f64));
    let length = series.levels.values().map(Vec::len).max().unwrap_or_default();
    values.map_or_else(|| vec![0.0; length], Iterator::collect)
}

/// How often something was counted up to the end of each window.
fn so_far(series: &ComponentSeries, name: &str) -> Vec<f64> {
    let counts = series.rows.get(name).into_iter().flatten();
    let mut sum = 0.0;
    counts
        .map(|count| {
            sum += *count as f64;
            sum
        })
        .collect()
}

/// Areas on top of each other.
fn stacked(
    windows: Windows,
    label: &str,
    height: f64,
    areas: Vec<(Color, Vec<f64>)>,
) -> Row<'static> {
    let mut tops: Vec<(Color, Vec<(usize, f64)>)> = Vec::new();
    for (color, values) in areas {
        let floor = tops.last().map(|(_, floor)| floor.clone());
        let floor = |at: usize| floor.as_ref().map_or(0.0, |floor| floor[at].1);
        let top = values.iter().enumerate().map(|(at, value)| (at, floor(at) + value));
        let top: Vec<_> = top.collect();
        tops.push((color, top));
    }
    let most = tops.last().into_iter().flat_map(|(_, top)| top).map(|(_, top)| *top);
    let scale = Scale::from_zero(most.fold(0.0, f64::max));
    Row {
        heading: None,
        label: label.to_owned(),
        height,
        scale: Some((scale, format::number)),
        paint: Box::new(move |canvas, space| {
            let mut floor: Vec<(usize, f64)> = Vec::new();
            for (color, top) in &tops {
                if floor.is_empty() {
                    floor = top.iter().map(|(at, _)| (*at, 0.0)).collect();
                }
                band(canvas, space, windows, &floor, top, *color, 1.0);
                floor.clone_from(top);
            }
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{KIND, ORPHANS};
    use crate::fixture;
    use crate::palette::kind;
    use crate::result::RunResult;

    fn svg(run: &RunResult) -> String {
        let charts = KIND.of_run(run);
        assert_eq!(charts.len(), 1);
        charts[0].svg.clone()
    }

    #[test]
    fn sagas_have_a_chart_of_where_they_are_and_others_have_none() {
        let run = fixture::storm();
        let charts = KIND.of_run(&run);
        assert_eq!(charts.len(), 1, "parrots make no progress");
        assert_eq!(charts[0].id, "progress-order-sagas");
        for told in ["that have not ended", "that have ended so far", "goes back", "is stuck"] {
            assert!(charts[0].svg.contains(told), "{told}");
        }
    }

    #[test]
    fn orphans_are_shown_where_there_are_any() {
        let mut run = fixture::storm();
        let color = kind(ORPHANS).hex();
        assert!(!svg(&run).contains(&color));
        let series = run.series.components.get_mut("order sagas").expect("sagas of the fixture");
        series.levels.get_mut("orphans").expect("a level").fill(1);
        assert!(svg(&run).contains(&color));
    }

    #[test]
    fn what_a_result_of_an_earlier_version_does_not_have_is_nought() {
        let mut run = fixture::storm();
        let series = run.series.components.get_mut("order sagas").expect("sagas of the fixture");
        series.levels.remove("compensating");
        assert!(svg(&run).contains("that have not ended"));
    }
}
