use super::{Table, cell};
use crate::result::{Latency, LoadResult, OutcomeKind, RunResult};

/// Figures of a latency, in the order of their columns.
const LATENCIES: [&str; 8] = ["mean", "p50", "p90", "p95", "p99", "p999", "p9999", "max"];

/// `summary.csv`: a row per load. Latencies are of requests that ended in `ok`, those that begin
/// with `all_` of every request, the unfinished with their age; an empty cell is a value with too few samples.
pub fn summary(result: &RunResult) -> String {
    let seconds = result.simulated_ns.saturating_sub(result.warmup_ns) as f64 / 1e9;
    let mut table = Table::new(&head(result));
    result.loads.iter().for_each(|(name, load)| table.row(row(name, load, seconds)));
    table.text()
}

fn head(result: &RunResult) -> Vec<String> {
    let first = ["load", "offered", "attempts", "attempts_per_request", "goodput_per_s"];
    let mut head: Vec<String> = first.map(str::to_owned).into();
    head.extend(OutcomeKind::ALL.map(|kind| kind.name().to_owned()));
    head.extend(
        result.loads.values().next().into_iter().flat_map(|load| load.counts.keys().cloned()),
    );
    head.push("ok_share".to_owned());
    head.extend(LATENCIES.map(|figure| format!("{figure}_ns")));
    head.extend(LATENCIES.map(|figure| format!("all_{figure}_ns")));
    head
}

fn row(name: &str, load: &LoadResult, seconds: f64) -> Vec<String> {
    let ended = |kind| load.outcomes.get(&kind).copied().unwrap_or(0);
    let ok = ended(OutcomeKind::Ok) as f64;
    let per_request = |value: f64| (load.offered > 0).then(|| value / load.offered as f64);
    let mut row = vec![
        name.to_owned(),
        load.offered.to_string(),
        load.attempts.to_string(),
        cell(per_request(load.attempts as f64)),
        cell((seconds > 0.0).then(|| ok / seconds)),
    ];
    row.extend(OutcomeKind::ALL.map(|kind| ended(kind).to_string()));
    row.extend(load.counts.values().map(u64::to_string));
    row.push(cell(per_request(ok)));
    row.extend(latencies(&load.latency_ns));
    row.extend(latencies(&load.latency_all_ns));
    row
}

fn latencies(latency: &Latency) -> [String; 8] {
    let Latency { mean, p50, p90, p95, p99, p999, p9999, max } = latency;
    let [p50, p90, p95, p99, p999, p9999, max] =
        [p50, p90, p95, p99, p999, p9999, max].map(|value| cell(*value));
    [cell(*mean), p50, p90, p95, p99, p999, p9999, max]
}

#[cfg(test)]
mod tests {
    use crate::fixture::storm;

    #[test]
    fn a_wide_row_per_load() {
        let text = super::summary(&storm());
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(rows.len(), 2);
        let value = |name: &str| {
            let at = rows[0].iter().position(|head| *head == name).expect("a column");
            rows[1][at]
        };
        let run = storm();
        assert_eq!(value("load"), "shoppers");
        assert_eq!(value("offered"), run.loads["shoppers"].offered.to_string());
        assert_eq!(value("p99_ns"), "1412000000");
        assert_eq!(value("p9999_ns"), "");
        assert_eq!(value("all_max_ns"), "2001000000");
        assert_eq!(value("failed"), "0");
    }
}
