use std::fmt::{Display, Write};

use super::line;
use crate::policies;
use crate::result::{ComponentSeries, LoadSeries, PolicySeries, RunResult, ServiceSeries};
use crate::windows::Windows;

/// A metric with its value in each window, a line each.
type Column = (String, String);

/// `series.csv`: a row per entity, metric and window; an empty value is a gap.
pub fn series(result: &RunResult) -> String {
    let windows = Windows::of(&result.series);
    let starts: Vec<String> =
        (0..windows.len()).map(|index| (windows.start(index) as f64 / 1e9).to_string()).collect();
    let loads = result.series.loads.iter().map(|(name, load)| ("load", name, load_columns(load)));
    let services = result.series.services.iter();
    let services = services.map(|(name, service)| ("service", name, service_columns(service)));
    let policies = result.series.policies.iter();
    let policies = policies.map(|(name, policy)| ("policy", name, policy_columns(policy)));
    let mut text = line(["start_s", "kind", "entity", "metric", "value"]);
    let components = result.series.components.iter();
    let components = components.map(|(name, group)| ("component", name, component_columns(group)));
    for (kind, name, columns) in loads.chain(services).chain(components).chain(policies) {
        for (metric, values) in columns {
            // Only what is between the numbers has to be looked at for what must be quoted, and only once.
            let what = line([kind, name, &metric]);
            let what = what.trim_end();
            for (start, value) in starts.iter().zip(values.lines()) {
                for part in [start, ",", what, ",", value, "\n"] {
                    text.push_str(part);
                }
            }
        }
    }
    text
}

fn load_columns(load: &LoadSeries) -> Vec<Column> {
    let mut columns = vec![plain("offered", &load.offered)];
    columns.extend(load.outcomes.iter().map(|(kind, counts)| plain(kind.name(), counts)));
    columns.extend(load.counts.iter().map(|(name, counts)| plain(name, counts)));
    columns.extend([
        plain("attempts", &load.attempts),
        plain("retries_denied", &load.retries_denied),
        gappy("p50_ns", &load.p50_ns),
        gappy("p95_ns", &load.p95_ns),
        gappy("p99_ns", &load.p99_ns),
        gappy("p999_ns", &load.p999_ns),
        gappy("max_ns", &load.max_ns),
    ]);
    columns
}

fn service_columns(service: &ServiceSeries) -> Vec<Column> {
    let columns = [
        plain("arrivals", &service.arrivals),
        plain("completions", &service.completions),
        plain("rejected", &service.rejected),
        plain("useful", &service.useful),
        plain("queue_mean", &service.queue_mean),
        plain("in_service_mean", &service.in_service_mean),
        gappy("utilisation", &service.utilisation),
        gappy("wasted_share", &service.wasted_share),
        gappy("wait_ns", &service.wait_ns),
    ];
    let further = service.figures.iter().map(|(name, values)| gappy(name, values));
    columns.into_iter().chain(further).collect()
}

fn component_columns(group: &ComponentSeries) -> Vec<Column> {
    let numbers = group.rows.iter().chain(&group.levels).map(|(name, values)| plain(name, values));
    let ages = group.ages_ns.iter().map(|(name, nanos)| plain(&format!("{name}_ns"), nanos));
    numbers.chain(ages).collect()
}

fn policy_columns(policy: &PolicySeries) -> Vec<Column> {
    let counts = policies::series(policy).into_iter();
    let counts = counts.map(|(metric, counts)| plain(&metric, &counts));
    let levels = policy.levels.iter().flat_map(|(level, series)| {
        [("mean", &series.mean), ("min", &series.min), ("max", &series.max)]
            .map(|(which, values)| gappy(&format!("{level}.{which}"), values))
    });
    counts.chain(levels).collect()
}

fn plain<T: Display>(metric: &str, values: &[T]) -> Column {
    column(metric, values.iter().map(Some))
}

fn gappy<T: Display>(metric: &str, values: &[Option<T>]) -> Column {
    column(metric, values.iter().map(Option::as_ref))
}

fn column<T: Display>(metric: &str, values: impl Iterator<Item = Option<T>>) -> Column {
    let mut lines = String::new();
    for value in values {
        match value {
            Some(value) => writeln!(lines, "{value}").expect("memory takes it"),
            None => lines.push('\n'),
        }
    }
    (metric.to_owned(), lines)
}

#[cfg(test)]
mod tests {
    use crate::fixture::{WINDOWS, storm};

    #[test]
    fn a_row_per_entity_metric_and_window() {
        let text = super::series(&storm());
        let (load_metrics, service_metrics) = (9 + 6, 9);
        let (policy_metrics, component_metrics) = (3 + (2 + 3), 1 + 7);
        let metrics = load_metrics + 3 * service_metrics + policy_metrics + component_metrics;
        let rows = WINDOWS * metrics;
        assert_eq!(text.lines().count() as u64, 1 + rows);
        assert!(text.contains("\n10,load,shoppers,offered,"));
        assert!(text.contains("\n54,load,shoppers,p50_ns,\n"), "a gap is an empty value");
        assert!(text.contains("\n70,service,db,arrivals,6864\n"));
        assert!(text.contains("\n70,component,parrot,echoed,"));
        assert!(text.contains("\n70,policy,standard.breaker → orders,rejected.open,143\n"));
    }
}
