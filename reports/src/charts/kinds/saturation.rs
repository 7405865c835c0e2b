use crate::charts::caption::{left_out, note};
use crate::charts::frame::{Row, Tick, over_time};
use crate::charts::kind::{Draw, Kind};
use crate::charts::lines::{filled, line};
use crate::charts::picture::Drawn;
use crate::charts::scale::Scale;
use crate::format;
use crate::palette::{SECOND, SERIES};
use crate::result::{RunResult, ServiceSeries};
use crate::windows::Windows;

/// More services than this are not drawn, the least busy ones first.
const SERVICES: usize = 12;

pub(super) const KIND: Kind =
    Kind { name: "saturation", title: "Saturation of each service", draw: Draw::Run(draw) };

/// For each service what waits and what is worked on, and how busy its workers are.
fn draw(result: &RunResult) -> Drawn<'_> {
    let windows = Windows::of(&result.series);
    let shown = busiest(result);
    if shown.is_empty() {
        return Err("The run has no services, or none was measured.".to_owned());
    }
    let more = left_out(
        result.series.services.len() - shown.len(),
        "service that waits and works less",
        "services that wait and work less",
    );
    let caption = format!(
        "Mean number of requests waiting (area) and in service (line), and below it the share of \
         workers that are busy, or the mean wait where workers are unlimited; all replicas \
         together; {}.{more}",
        note(result)
    );
    let rows = shown.iter().flat_map(|(name, series)| rows(windows, name, series)).collect();
    Ok(over_time(result, caption, Vec::new(), rows))
}

/// The services to draw, by name.
fn busiest(result: &RunResult) -> Vec<(&str, &ServiceSeries)> {
    let peak = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    let mut services: Vec<(&str, &ServiceSeries)> = result
        .series
        .services
        .iter()
        .filter(|(_, series)| !series.queue_mean.is_empty())
        .map(|(name, series)| (name.as_str(), series))
        .collect();
    services.sort_by(|(_, a), (_, b)| {
        let waiting = peak(&b.queue_mean).total_cmp(&peak(&a.queue_mean));
        waiting.then(peak(&b.in_service_mean).total_cmp(&peak(&a.in_service_mean)))
    });
    services.truncate(SERVICES);
    services.sort_by_key(|(name, _)| *name);
    services
}

fn rows<'a>(windows: Windows, name: &str, series: &'a ServiceSeries) -> Vec<Row<'a>> {
    let waiting: Vec<Option<f64>> = series.queue_mean.iter().copied().map(Some).collect();
    let working: Vec<Option<f64>> = series.in_service_mean.iter().copied().map(Some).collect();
    let most = waiting.iter().chain(&working).flatten().copied().fold(0.0, f64::max);
    let requests = Row {
        heading: Some(name.to_owned()),
        label: "requests waiting (area), in service (line)".to_owned(),
        height: 62.0,
        scale: Some((Scale::from_zero(most), format::number)),
        paint: Box::new(move |canvas, space| {
            filled(canvas, space, windows, &waiting, SERIES);
            line(canvas, space, windows, &working, SECOND);
        }),
    };
    [Some(requests), second_row(windows, series)].into_iter().flatten().collect()
}

/// Utilisation, or the wait where there is none.
fn second_row(windows: Windows, series: &ServiceSeries) -> Option<Row<'_>> {
    let limited = series.utilisation.iter().any(Option::is_some);
    let (label, values, tick) = if limited {
        ("busy workers", &series.utilisation, format::share as Tick)
    } else if series.wait_ns.iter().flatten().any(|&wait| wait > 0.0) {
        ("mean wait", &series.wait_ns, format::duration as Tick)
    } else {
        return None;
    };
    let most = values.iter().flatten().copied().fold(0.0, f64::max);
    Some(Row {
        heading: None,
        label: label.to_owned(),
        height: 46.0,
        scale: Some((Scale::from_zero(if limited { 1.0 } else { most }), tick)),
        paint: Box::new(move |canvas, space| filled(canvas, space, windows, values, SERIES)),
    })
}
