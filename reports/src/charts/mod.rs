//! The charts, as SVG.
//!
//! Charts over time share their size, margins, time axis and colours, and show every fault as a
//! lane at the top with hairlines through the panels below, in the manner of Jepsen. Each picture
//! stands alone, names and describes itself, and has a dark mode. A kind of chart is a file and a
//! row of the registry, both in `kinds`.

mod canvas;
mod caption;
mod frame;
mod kind;
mod kinds;
mod lines;
mod picture;
mod scale;
#[cfg(test)]
mod tests;
mod time;

use std::collections::BTreeSet;

pub(crate) use self::canvas::WIDTH;
pub(crate) use self::frame::{LEFT, RIGHT};

use self::picture::Picture;
use crate::result::{RunResult, SweepResult};
use crate::windows::Windows;

/// More windows than this are not drawn; a run has at most 600.
const WINDOWS_MAX: usize = 4000;

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The name of its kind, such as `outcomes`.
    pub kind: &'static str,
    /// The kind, followed by the level, what it is an example of or, where there are several, the load: fit
    /// for a file name, and unique.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// How to read it: sample size, window, shading.
    pub caption: String,
    /// The picture.
    pub svg: String,
    /// It has the time axis that all charts over time share.
    pub is_over_time: bool,
}

/// Every chart of a run, in the order of the report.
pub fn all(result: &RunResult) -> Vec<Chart> {
    let windows = Windows::of(&result.series).len();
    if windows == 0 {
        return vec![nothing("The run ended before anything was measured.".to_owned())];
    }
    if windows > WINDOWS_MAX {
        return vec![nothing(format!("{windows} windows are too many to draw."))];
    }
    let mut charts = kinds::ALL.iter().flat_map(|kind| kind.of_run(result)).collect::<Vec<_>>();
    make_unique(&mut charts);
    charts
}

/// Every chart of a sweep.
pub fn sweep(result: &SweepResult) -> Vec<Chart> {
    kinds::ALL.iter().filter_map(|kind| kind.of_sweep(result)).collect()
}

fn nothing(why: String) -> Chart {
    let picture = Picture::empty(why).titled("Nothing to show over time".to_owned());
    kinds::ALL[0].chart("", Ok(picture))
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
