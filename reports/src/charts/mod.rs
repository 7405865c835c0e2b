//! The charts, as SVG.
//!
//! Charts over time share their size, margins, time axis and colours, and show every fault as a
//! lane at the top with hairlines through the panels below, in the manner of Jepsen. Each picture
//! stands alone, names and describes itself, and has a dark mode.

mod amplification;
mod canvas;
mod frame;
mod levels;
mod lines;
mod outcomes;
mod plot;
mod quantiles;
mod rejections;
mod saturation;
mod scale;
mod spread;
mod states;
#[cfg(test)]
mod tests;
mod time;

use std::collections::BTreeSet;

pub(crate) use self::canvas::WIDTH;
pub(crate) use self::frame::{LEFT, RIGHT};

use crate::result::{LoadSeries, RunResult, SweepResult};
use crate::windows::Windows;

/// More windows than this are not drawn; a run has at most 600.
const WINDOWS_MAX: usize = 4000;

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What it is: `outcomes`, `quantiles`, `states`, `rejections`, `level`, `saturation`,
    /// `amplification` or `spread`.
    pub kind: &'static str,
    /// The kind, followed by the level or, where there are several, the load: fit for a file name,
    /// and unique.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// How to read it: sample size, window, shading.
    pub caption: String,
    /// The picture.
    pub svg: String,
}

/// Every chart of a run, in the order of the report.
pub fn all(result: &RunResult) -> Vec<Chart> {
    let windows = Windows::of(&result.series).len();
    if windows == 0 {
        return vec![nothing(result, "The run ended before anything was measured.".to_owned())];
    }
    if windows > WINDOWS_MAX {
        return vec![nothing(result, format!("{windows} windows are too many to draw."))];
    }
    let mut charts = per_load(result, outcomes::chart);
    charts.extend(per_load(result, quantiles::chart));
    charts.extend([states::chart(result), rejections::chart(result)]);
    charts.extend(levels::charts(result));
    charts.extend([saturation::chart(result), amplification::chart(result)]);
    make_unique(&mut charts);
    charts
}

/// Every chart of a sweep.
pub fn sweep(result: &SweepResult) -> Vec<Chart> {
    vec![spread::chart(result)]
}

fn nothing(result: &RunResult, why: String) -> Chart {
    plot::chart(result, "outcomes", "", "Nothing to show over time", why, frame::render_empty)
}

fn per_load(
    result: &RunResult,
    chart: impl Fn(&RunResult, &str, &LoadSeries) -> Chart,
) -> Vec<Chart> {
    result.series.loads.iter().map(|(name, series)| chart(result, name, series)).collect()
}

/// Numbers the ids that different names came to share.
fn make_unique(charts: &mut [Chart]) {
    let mut taken = BTreeSet::new();
    for chart in charts {
        let plain = chart.id.clone();
        let mut number = 2;
        while !taken.insert(chart.id.clone()) {
            chart.id = format!("{plain}-{number}");
            number += 1;
        }
    }
}
