use std::collections::BTreeMap;

use cascadia_models::measure::metrics::{Metric, Of, Unit};
use cascadia_models::measure::{ProbeMeasured, ServiceCounters, ServiceMeasured};

/// The metrics of services that have a field of their own.
const FIELDS: [&str; 4] = ["utilisation", "queue", "wait", "wasted"];

/// The other metrics of a service, where they are not 0.
pub(super) fn of(counters: &ServiceCounters, nanos: u64) -> BTreeMap<String, f64> {
    let figures = further().map(|metric| (name(&metric), read(&metric, counters, nanos)));
    figures.filter_map(|(name, value)| Some((name, value.filter(|value| *value != 0.0)?))).collect()
}

/// The same over time.
pub(super) fn series(
    service: &ServiceMeasured,
    spans: &[u128],
) -> BTreeMap<String, Vec<Option<f64>>> {
    let all = spans.iter().sum::<u128>() as u64;
    let has =
        |metric: &Metric| read(metric, &service.measured, all).is_some_and(|value| value != 0.0);
    let series = |metric: Metric| {
        let windows = service.series.iter().zip(spans);
        let values = windows.map(|(window, span)| read(&metric, window, *span as u64)).collect();
        (name(&metric), values)
    };
    further().filter(has).map(series).collect()
}

fn further() -> impl Iterator<Item = Metric> {
    Of::Services.metrics().into_iter().filter(|metric| !FIELDS.contains(&metric.name))
}

fn read(metric: &Metric, counters: &ServiceCounters, nanos: u64) -> Option<f64> {
    metric.read(metric.natural(), &ProbeMeasured::Service(*counters), nanos)
}

/// Names of figures end with their units.
fn name(metric: &Metric) -> String {
    let unit = match metric.natural() {
        Unit::Share => "_share",
        Unit::Rate => "_per_s",
        Unit::Duration => "_ns",
        Unit::Number => "",
    };
    format!("{}{unit}", metric.name)
}
