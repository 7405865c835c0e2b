use maud::{Markup, html};

use super::layout::{banner, figures, mark, page, verdict};
use super::run::warnings;
use super::tables;
use crate::charts::Chart;
use crate::format;
use crate::result::{CheckStatus, SweepResult, Tally};

/// The page of a sweep over seeds with its charts.
pub fn sweep(result: &SweepResult, charts: &[Chart]) -> String {
    let variant = result.variant.as_ref().map(|name| format!("/{name}")).unwrap_or_default();
    let name = format!("{}{variant}", result.scenario);
    let worst = result.worst.as_ref().map(|worst| worst.reproduce.as_str());
    page(
        &format!("{name}, {} seeds", result.runs.len()),
        html! {
            (banner(verdict(result.verdict), &name, &facts(result), result.question.as_deref(),
                worst))
            (warnings(&result.warnings))
            (checks(result))
            section { h2 { "Spread" } (figures(charts, None)) }
            (seeds(result))
            (tables::loads(&result.loads))
            section {
                h2 { "Method" }
                ul {
                    li { "A run per seed of the same scenario. Intervals are those of Wilson (1927) \
                        at 95 %: what share of all seeds would pass, judged by these." }
                    li { "The table of loads sums the requests of all runs." }
                    li { "The worst seed failed most checks or, among equals, by the largest margin; \
                        the command above repeats it." }
                    li { "cascadia " (result.version) ", result format " (result.format) "." }
                }
            }
        },
    )
}

fn facts(result: &SweepResult) -> String {
    let tally = &result.seeds_passed;
    let required = match result.require {
        Some(share) => format!(", required {}", format::share(share)),
        None => String::new(),
    };
    let worst = match &result.worst {
        Some(worst) => format!(" · worst seed {}", worst.seed),
        None => String::new(),
    };
    let interrupted =
        if result.interrupted { " · interrupted: not all seeds were run" } else { "" };
    format!("{} seeds passed{required}{worst}{interrupted}", k_of_n(tally))
}

fn k_of_n(tally: &Tally) -> String {
    format!("{} of {}", format::count(tally.passed), format::count(tally.of))
}

fn interval(tally: &Tally) -> String {
    format!("{} – {}", format::share(tally.low), format::share(tally.high))
}

fn checks(result: &SweepResult) -> Markup {
    html! {
        section {
            h2 { "Checks" }
            div.scroll { table {
                thead { tr {
                    @for head in ["Check", "Seeds passed", "95 % interval", "Inconclusive"] {
                        th scope="col" { (head) }
                    }
                } }
                tbody {
                    @for check in &result.checks {
                        tr {
                            th scope="row" { (check.subject) " " code { (check.expression) } }
                            td { (k_of_n(&check.tally)) }
                            td { (interval(&check.tally)) }
                            td { (format::count(check.inconclusive)) }
                        }
                    }
                    tr {
                        th scope="row" { "all checks" }
                        td { (k_of_n(&result.seeds_passed)) }
                        td { (interval(&result.seeds_passed)) }
                        td {}
                    }
                }
            } }
        }
    }
}

fn seeds(result: &SweepResult) -> Markup {
    html! {
        section {
            h2 { "Seeds" }
            div.scroll { table.sortable {
                thead { tr {
                    th scope="col" { "Seed" }
                    th.text scope="col" { "Verdict" }
                    @for check in &result.checks {
                        th scope="col" { (check.subject) " " (check.expression) }
                    }
                    th.text scope="col" { "Digest" }
                    th.text scope="col" { "Reproduce" }
                } }
                tbody { @for run in &result.runs {
                    @let (class, word) = verdict(run.verdict);
                    tr {
                        th scope="row" data-value=(run.seed) { (run.seed) }
                        td class={ "text tone " (class) } { (word) }
                        @for (index, text) in run.measured_text.iter().enumerate() {
                            td data-value=[run.measured.get(index).copied().flatten()] {
                                (mark(status(run.passed.get(index).copied().flatten()))) " " (text)
                            }
                        }
                        td.text { code { (run.digest.get(..8).unwrap_or(&run.digest)) } }
                        td.text { code { (run.reproduce) } }
                    }
                } }
            } }
        }
    }
}

fn status(passed: Option<bool>) -> CheckStatus {
    match passed {
        Some(true) => CheckStatus::Passed,
        Some(false) => CheckStatus::Failed,
        None => CheckStatus::Inconclusive,
    }
}
