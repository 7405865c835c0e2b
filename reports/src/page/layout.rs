use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::charts::{Chart, LEFT, RIGHT, WIDTH};
use crate::palette::{Color, FAILED, INCONCLUSIVE, INK, MUTED, PAPER, PASSED};
use crate::result::{CheckStatus, OutcomeKind, Verdict};
use crate::sinks::markup;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// A page around its content.
pub(super) fn page(title: &str, content: Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Cascadia" }
                style { (PreEscaped(colors())) (PreEscaped(STYLE)) }
            }
            body {
                main { (content) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    markup(page.into_string())
}

/// The palette as variables, light and dark.
fn colors() -> String {
    let named = [
        ("paper", PAPER),
        ("ink", INK),
        ("muted", MUTED),
        ("passed", PASSED),
        ("failed", FAILED),
        ("inconclusive", INCONCLUSIVE),
    ];
    let outcomes = OutcomeKind::ALL.map(|kind| (outcome_variable(kind), kind.color()));
    let all: Vec<(String, Color)> =
        named.into_iter().map(|(name, color)| (name.to_owned(), color)).chain(outcomes).collect();
    let set = |form: fn(Color) -> u32| -> String {
        all.iter().map(|(name, color)| format!("--{name}:#{:06X};", form(*color))).collect()
    };
    format!(
        ":root{{{}}}@media (prefers-color-scheme:dark){{:root{{{}}}}}\n",
        set(|color| color.light),
        set(|color| color.dark)
    )
}

/// The variable that holds the colour of an outcome, which is not that of a verdict.
pub(super) fn outcome_variable(kind: OutcomeKind) -> String {
    format!("outcome-{}", kind.name())
}

/// The class and the word of a verdict.
pub(super) fn verdict(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Passed => ("passed", "Passed"),
        Verdict::Failed => ("failed", "Failed"),
        Verdict::Inconclusive => ("inconclusive", "Inconclusive"),
    }
}

/// The mark of a check, with words for those who do not see it.
pub(super) fn mark(status: CheckStatus) -> Markup {
    let (class, mark, word) = match status {
        CheckStatus::Passed => ("passed", "✓", "passed"),
        CheckStatus::Failed => ("failed", "✗", "failed"),
        CheckStatus::Inconclusive => ("inconclusive", "?", "inconclusive"),
    };
    html! { span class={ "mark " (class) } role="img" aria-label=(word) title=(word) { (mark) } }
}

/// The banner: verdict, what was run, the question, and the command that repeats it.
pub(super) fn banner(
    (class, word): (&str, &str),
    name: &str,
    facts: &str,
    question: Option<&str>,
    reproduce: Option<&str>,
) -> Markup {
    html! {
        header class={ "banner " (class) } {
            p.verdict { (word) }
            h1 { (name) }
            @if let Some(question) = question { p.question { (question) } }
            p.facts { (facts) }
            @if let Some(command) = reproduce {
                p.reproduce {
                    "Reproduce " code { (command) } " "
                    button type="button" data-copy=(command) hidden { "Copy" }
                }
            }
        }
    }
}

/// Charts with their captions; charts over time share a cursor.
pub(super) fn figures(charts: &[Chart], time: Option<(u64, u64)>) -> Markup {
    html! {
        @for chart in charts {
            @let time = time.filter(|_| chart.is_over_time);
            figure id={ "chart-" (chart.id) }
                data-left=[time.map(|_| LEFT / WIDTH)]
                data-right=[time.map(|_| RIGHT / WIDTH)]
                data-from=[time.map(|(from, _)| from as f64 / 1e9)]
                data-to=[time.map(|(_, to)| to as f64 / 1e9)] {
                div.picture { (PreEscaped(&chart.svg)) }
                figcaption { (chart.caption) }
            }
        }
    }
}
