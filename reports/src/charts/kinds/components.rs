use std::collections::BTreeMap;

use crate::charts::caption::{left_out, note};
use crate::charts::frame::{Row, over_time};
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
    Kind { name: "components", title: "What components count", draw: Draw::Component(draw) };

/// The rows of a group of components.
fn draw<'a>(result: &'a RunResult, name: &'a str) -> Drawn<'a> {
    let windows = Windows::of(&result.series);
    let none = BTreeMap::new();
    let series = result.series.components.get(name);
    let counted = series.map_or(&none, |ComponentSeries { rows }| rows);
    let more = left_out(counted.len().saturating_sub(ROWS), "more row", "more rows");
    let caption = format!(
        "What the components of a group count, all of them together, in each window; {}.{more}",
        note(result)
    );
    let rows = counted.iter().take(ROWS).map(|(row, counts)| panel(windows, row, counts));
    Ok(over_time(result, caption, Vec::new(), rows.collect()))
}

fn panel(windows: Windows, name: &str, counts: &[u64]) -> Row<'static> {
    let rates = windows.rates(counts);
    let most = rates.iter().copied().fold(0.0, f64::max);
    let rates: Vec<_> = rates.into_iter().map(Some).collect();
    Row {
        heading: None,
        label: format!("{} per second", in_words(name)),
        height: 62.0,
        scale: Some((Scale::from_zero(most), format::number)),
        paint: Box::new(move |canvas, space| filled(canvas, space, windows, &rates, SERIES)),
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
        let rows = [("echoed", counts.clone()), ("sent_alone", counts)];
        let rows = rows.map(|(name, counts)| (name.to_owned(), counts)).into();
        run.series.components.insert("parrot".to_owned(), ComponentSeries { rows });
        let charts = KIND.of_run(&run);
        assert_eq!(charts.len(), 1);
        assert_eq!(charts[0].id, "components-parrot");
        for label in ["Echoed per second", "Sent alone per second"] {
            assert!(charts[0].svg.contains(label), "{label}");
        }
    }
}
