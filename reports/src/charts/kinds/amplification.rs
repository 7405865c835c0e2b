use crate::charts::caption::note;
use crate::charts::frame::{self, Row, over_time};
use crate::charts::kind::{Draw, Kind};
use crate::charts::lines::filled;
use crate::charts::picture::Drawn;
use crate::charts::scale::Scale;
use crate::format;
use crate::palette::{BOUND, SECOND, SERIES};
use crate::result::{LoadSeries, RunResult, ServiceSeries};
use crate::story;
use crate::windows::Windows;

/// More loads or services than this are not drawn.
const PANELS: usize = 8;
/// Services that never waste more than this share of their busy time are left out.
const NOTABLE: f64 = 0.01;
const TITLE: &str = "Work amplification";

pub(super) const KIND: Kind = Kind { name: "amplification", title: TITLE, draw: Draw::Run(draw) };

/// How many tries a request costs, what budgets held back, and how much work was for nobody.
fn draw(result: &RunResult) -> Drawn<'_> {
    let windows = Windows::of(&result.series);
    let loads = &result.series.loads;
    if loads.values().flat_map(|load| &load.offered).all(|&count| count == 0) {
        return Err("The run has no load, or none was measured.".to_owned());
    }
    let shown = loads.iter().take(PANELS);
    let mut rows: Vec<Row<'_>> = shown.map(|(name, load)| tries(windows, name, load)).collect();
    let denied = denied(windows, result);
    let no_budget = if denied.is_none() { " No retry was denied by a budget." } else { "" };
    rows.extend(denied);
    let wasteful: Vec<_> =
        result.series.services.iter().filter(|(_, series)| peak(series) > NOTABLE).collect();
    let no_waste = match wasteful.len() {
        0 => " No service worked more than 1 % of a window for callers that had gone.",
        _ => "",
    };
    rows.extend(wasteful.iter().take(PANELS).map(|(name, series)| wasted(windows, name, series)));
    let storm = story::storm(result);
    let caption = format!(
        "{} Attempts are the first tries and, at any depth, the retries that were sent; a service's \
         work is wasted when its caller stopped waiting before it was done.{no_budget}{no_waste} {}.",
        storm.text,
        format::capitalised(&note(result))
    );
    let picture = over_time(result, caption, Vec::new(), rows);
    Ok(match (storm.sustained, storm.kept_by) {
        (true, Some(what)) => picture.titled(format!("{TITLE}: the {what} sustain the overload")),
        (true, None) => picture.titled(format!("{TITLE}: the overload sustains itself")),
        (false, _) => picture,
    })
}

fn tries<'a>(windows: Windows, name: &str, load: &'a LoadSeries) -> Row<'a> {
    let ratio: Vec<Option<f64>> = load
        .attempts
        .iter()
        .zip(&load.offered)
        .map(|(&tries, &offered)| (offered > 0).then(|| tries as f64 / offered as f64))
        .collect();
    let most = ratio.iter().flatten().copied().fold(2.0, f64::max);
    Row {
        heading: Some(name.to_owned()),
        label: "attempts per request (dashed: 1, no retries)".to_owned(),
        height: 84.0,
        scale: Some((Scale::from_zero(most), format::number)),
        paint: Box::new(move |canvas, space| {
            filled(canvas, space, windows, &ratio, SERIES);
            let y = space.y(1.0);
            canvas.line(&[(frame::LEFT, y), (frame::RIGHT, y)], BOUND, 1.2);
        }),
    }
}

/// Retries that budgets denied, of all loads together; none where there were none.
fn denied(windows: Windows, result: &RunResult) -> Option<Row<'static>> {
    let mut counts = vec![0; windows.len()];
    for load in result.series.loads.values() {
        for (sum, denied) in counts.iter_mut().zip(&load.retries_denied) {
            *sum += denied;
        }
    }
    let rates: Vec<Option<f64>> = windows.rates(&counts).into_iter().map(Some).collect();
    let most = rates.iter().flatten().copied().fold(0.0, f64::max);
    (most > 0.0).then(|| Row {
        heading: None,
        label: "retries denied by a budget, per second".to_owned(),
        height: 46.0,
        scale: Some((Scale::from_zero(most), format::number)),
        paint: Box::new(move |canvas, space| filled(canvas, space, windows, &rates, SECOND)),
    })
}

fn wasted<'a>(windows: Windows, name: &str, series: &'a ServiceSeries) -> Row<'a> {
    Row {
        heading: Some(name.to_owned()),
        label: "busy time spent for callers that had gone".to_owned(),
        height: 56.0,
        scale: Some((Scale::from_zero(1.0), format::share)),
        paint: Box::new(move |canvas, space| {
            filled(canvas, space, windows, &series.wasted_share, SERIES);
        }),
    }
}

fn peak(series: &ServiceSeries) -> f64 {
    series.wasted_share.iter().flatten().copied().fold(0.0, f64::max)
}
