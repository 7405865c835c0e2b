use crate::charts::caption::note;
use crate::charts::frame::{Key, Row, over_time};
use crate::charts::kind::{Draw, Kind};
use crate::charts::lines::{band, line};
use crate::charts::picture::Drawn;
use crate::charts::scale::Scale;
use crate::format;
use crate::palette::INK;
use crate::result::{LoadSeries, OutcomeKind, RunResult};
use crate::windows::Windows;

pub(super) const KIND: Kind =
    Kind { name: "outcomes", title: "Offered load and outcomes", draw: Draw::Load(draw) };

/// What was asked, and how it ended: areas stacked by outcome under the line of the offered load.
fn draw<'a>(result: &'a RunResult, _: &'a str, series: &'a LoadSeries) -> Drawn<'a> {
    if series.offered.iter().chain(series.outcomes.values().flatten()).all(|&count| count == 0) {
        return Err("No request was offered, and none ended.".to_owned());
    }
    let windows = Windows::of(&result.series);
    let offered: Vec<Option<f64>> = windows.rates(&series.offered).into_iter().map(Some).collect();
    let layers = layers(windows, series);
    let n: u64 = series.outcomes.values().flatten().sum();
    let caption = format!(
        "How requests ended, by the moment of their end; the line is what was offered, by the \
         intended moment of sending. n = {} requests ended; {}.",
        format::count(n),
        note(result)
    );
    let stacked = layers.last().into_iter().flat_map(|(_, tops)| tops).copied().fold(0.0, f64::max);
    let scale = Scale::from_zero(offered.iter().flatten().copied().fold(stacked, f64::max));
    let legend: Vec<Key> = layers
        .iter()
        .map(|(kind, _)| (kind.color(), kind.label()))
        .chain([(INK, "offered (line)".to_owned())])
        .collect();
    let row = Row {
        heading: None,
        label: "requests per second".to_owned(),
        height: 240.0,
        scale: Some((scale, format::number)),
        paint: Box::new(move |canvas, space| {
            let mut floor: Vec<(usize, f64)> = vec![];
            for (kind, tops) in &layers {
                let tops: Vec<(usize, f64)> = tops.iter().copied().enumerate().collect();
                if floor.is_empty() {
                    floor = tops.iter().map(|&(index, _)| (index, 0.0)).collect();
                }
                band(canvas, space, windows, &floor, &tops, kind.color(), 1.0);
                floor = tops;
            }
            line(canvas, space, windows, &offered, INK);
        }),
    };
    Ok(over_time(result, caption, legend, vec![row]))
}

/// The upper edge of each outcome that occurs, stacked in the order of display.
fn layers(windows: Windows, series: &LoadSeries) -> Vec<(OutcomeKind, Vec<f64>)> {
    let mut tops = vec![0.0; windows.len()];
    let mut layers = Vec::new();
    for kind in OutcomeKind::ALL {
        let Some(counts) = series.outcomes.get(&kind) else { continue };
        if counts.iter().all(|&count| count == 0) {
            continue;
        }
        for (top, rate) in tops.iter_mut().zip(windows.rates(counts)) {
            *top += rate;
        }
        layers.push((kind, tops.clone()));
    }
    layers
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::fixture;
    use crate::result::OutcomeKind;

    #[test]
    fn outcomes_that_never_occur_take_no_room() {
        let mut run = fixture::storm();
        let rejected = OutcomeKind::Rejected.color().hex();
        assert!(KIND.of_run(&run)[0].svg.contains(&rejected));
        let load = run.series.loads.get_mut("shoppers").expect("a load of the fixture");
        load.outcomes.insert(OutcomeKind::Rejected, vec![0; 60]);
        assert!(!KIND.of_run(&run)[0].svg.contains(&rejected));
    }
}
