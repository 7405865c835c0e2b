use maud::{Markup, html};

use super::tables::{Figure, cells, figure};
use crate::format;
use crate::result::{RecoveryResult, RunResult};
use crate::story::verdict;

/// What became of each load after each fault that ended within the run.
pub(super) fn table(result: &RunResult) -> Markup {
    let figures =
        ["Fault ended", "Goodput back after", "Latency back after", "Worst", "Fewer than due"];
    html! {
        @if !result.recoveries.is_empty() {
            section {
                h2 { "Recoveries" }
                div.scroll { table.sortable {
                    thead { tr {
                        @for head in ["Fault", "Load", "Verdict"] { th.text scope="col" { (head) } }
                        @for head in figures { th scope="col" { (head) } }
                    } }
                    tbody { @for one in &result.recoveries {
                        tr {
                            th scope="row" { (one.fault) }
                            td.text { (one.load) }
                            td.text { (verdict(one.verdict)) }
                            (cells(&row(one)))
                        }
                    } }
                } }
            }
        }
    }
}

fn row(one: &RecoveryResult) -> [Figure; 5] {
    let after = |ns: Option<u64>| figure(ns.map(|ns| ns as f64), format::duration);
    let ended = figure(Some(one.fault_end_ns as f64), |ns| format::moment(ns as u64));
    let fewer = figure(one.depth.map(|_| one.lost), |lost| format::count(libm::round(lost) as u64));
    [
        ended,
        after(one.goodput_after_ns),
        after(one.latency_after_ns),
        figure(one.depth, format::share),
        fewer,
    ]
}
