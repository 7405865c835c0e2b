use crate::charts::caption::{left_out, note};
use crate::charts::frame::{Row, Tick, over_time};
use crate::charts::kind::{Draw, Kind};
use crate::charts::lines::filled;
use crate::charts::picture::Drawn;
use crate::charts::scale::Scale;
use crate::format;
use crate::palette::SERIES;
use crate::policies::in_words;
use crate::result::{ComponentSeries, RunResult};
use crate::windows::Windows;

/// More rows than this are not drawn.
const ROWS: usize = 12;

pub(super) const KIND: Kind =
    Kind { name: "components", title: "Figures of components", draw: Draw::Component(draw) };

/// The figures of a group of components.
fn draw<'a>(result: &'a RunResult, name: &'a str) -> Drawn<'a> {
    let windows = Windows::of(&result.series);
    let rows = result.series.components.get(name).map(|series| panels(windows, series));
    let mut rows = rows.unwrap_or_default();
    let more = left_out(rows.len().saturating_sub(ROWS), "more row", "more rows");
    rows.truncate(ROWS);
    let caption = format!(
        "The figures of a group of components, all of them together: what they count in each window, and \
         how much there is of something, or for how long, at its end; {}.{more}",
        note(result)
    );
    Ok(over_time(result, caption, Vec::new(), rows))
}

fn panels(windows: Windows, series: &ComponentSeries) -> Vec<Row<'static>> {
    let plain = |values: &[u64]| values.iter().map(|value| *value as f64).collect();
    let levels = series
        .levels
        .iter()
        .map(|(name, values)| panel(windows, in_words(name), plain(values), format::number));
    let ages = series
        .ages_ns
        .iter()
        .map(|(name, values)| panel(windows, in_words(name), plain(values), format::duration));
    let counts = series.rows.iter().map(|(name, counts)| {
        let label = format!("{} per second", in_words(name));
        panel(windows, label, windows.rates(counts), format::number)
    });
    levels.chain(ages).chain(counts).collect()
}

fn panel(windows: Windows, label: String, values: Vec<f64>, tick: Tick) -> Row<'static> {
    let most = values.iter().copied().fold(0.0, f64::max);
    let values: Vec<_> = values.into_iter().map(Some).collect();
    Row {
        heading: None,
        label,
        height: 62.0,
        scale: Some((Scale::from_zero(most), tick)),
        paint: Box::new(move |canvas, space| filled(canvas, space, windows, &values, SERIES)),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::fixture;
    use crate::result::ComponentSeries;

    #[test]
    fn a_group_has_a_chart_with_a_panel_for_each_row() {
        let mut run = fixture::storm();
        let counts = run.series.loads["shoppers"].offered.clone();
        let rows = [("echoed", counts.clone()), ("sent_alone", counts.clone())];
        let rows = rows.map(|(name, counts)| (name.to_owned(), counts)).into();
        let levels = [("lag".to_owned(), counts.clone())].into();
        let ages_ns = [("oldest".to_owned(), counts)].into();
        run.series
            .components
            .insert("parrot".to_owned(), ComponentSeries { rows, levels, ages_ns });
        let charts = KIND.of_run(&run);
        assert_eq!(charts.len(), 1);
        assert_eq!(charts[0].id, "components-parrot");
        for label in ["Echoed per second", "Sent alone per second", "Lag", "Oldest"] {
            assert!(charts[0].svg.contains(label), "{label}");
        }
    }
}
