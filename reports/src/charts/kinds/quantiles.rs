use crate::charts::canvas::{Anchor, Canvas, TEXT, text_width};
use crate::charts::caption::note;
use crate::charts::frame::{Key, Row, Space, label_ends, over_time};
use crate::charts::kind::{Draw, Kind};
use crate::charts::lines::line;
use crate::charts::picture::Drawn;
use crate::charts::scale::Scale;
use crate::format;
use crate::palette::{BOUND, INK, PAPER, QUANTILES};
use crate::result::{CheckResult, CheckStatus, LoadSeries, OutcomeKind, RunResult};
use crate::windows::Windows;

type Curve = (&'static str, Vec<Option<f64>>);

pub(super) const KIND: Kind =
    Kind { name: "quantiles", title: "Latency over time", draw: Draw::Load(draw) };

/// Latency quantiles over time, on a logarithmic axis, with the bounds that checks set on them.
fn draw<'a>(result: &'a RunResult, name: &'a str, series: &'a LoadSeries) -> Drawn<'a> {
    let windows = Windows::of(&result.series);
    let curves = curves(series);
    let bounds = bounds(result, name);
    let n: u64 = series.outcomes.get(&OutcomeKind::Ok).into_iter().flatten().sum();
    let Some(scale) = scale(&curves, &bounds) else {
        return Err("No window holds enough successful requests for a percentile.".to_owned());
    };
    let caption = format!(
        "Latency of requests that ended in ok, from the intended send, logarithmic. A percentile \
         is drawn where at least ten samples lie beyond it. n = {}; {}.",
        format::count(n),
        note(result)
    );
    let row = Row {
        heading: None,
        label: "latency".to_owned(),
        height: 260.0,
        scale: Some((scale, format::duration)),
        paint: Box::new(move |canvas, space| {
            let mut labels: Vec<(f64, Key)> = Vec::new();
            for ((label, values), color) in curves.iter().zip(QUANTILES) {
                line(canvas, space, windows, values, color);
                if let Some(last) = values.iter().rev().find_map(|value| *value) {
                    labels.push((space.y(last), (color, (*label).to_owned())));
                }
            }
            label_ends(canvas, space, labels);
            for bound in &bounds {
                paint_bound(canvas, space, bound);
            }
        }),
    };
    Ok(over_time(result, caption, Vec::new(), vec![row]))
}

fn curves(series: &LoadSeries) -> [Curve; 5] {
    let floats = |values: &[Option<u64>]| {
        values.iter().map(|value| value.filter(|&ns| ns > 0).map(|ns| ns as f64)).collect()
    };
    [
        ("p50", floats(&series.p50_ns)),
        ("p95", floats(&series.p95_ns)),
        ("p99", floats(&series.p99_ns)),
        ("p99.9", floats(&series.p999_ns)),
        ("max", floats(&series.max_ns)),
    ]
}

/// The checks of this load that bound a latency from above.
fn bounds<'r>(result: &'r RunResult, load: &str) -> Vec<&'r CheckResult> {
    let on_latency = |expression: &str| {
        let metric = expression.trim_start();
        let digits = metric.strip_prefix('p').unwrap_or("");
        digits.starts_with(|first: char| first.is_ascii_digit())
            || metric.starts_with("max")
            || metric.starts_with("mean")
    };
    result
        .checks
        .iter()
        .filter(|check| check.subject == load && check.bound > 0.0 && check.bound.is_finite())
        .filter(|check| on_latency(&check.expression) && check.expression.contains('<'))
        .collect()
}

fn scale(curves: &[Curve], bounds: &[&CheckResult]) -> Option<Scale> {
    let measured = || curves.iter().flat_map(|(_, values)| values.iter().copied().flatten());
    measured().next()?;
    let values = || measured().chain(bounds.iter().map(|check| check.bound));
    let low = values().fold(f64::INFINITY, f64::min);
    Some(Scale::logarithmic(low, values().fold(0.0, f64::max)))
}

fn paint_bound(canvas: &mut Canvas<'_>, space: &Space, check: &CheckResult) {
    let (from, to) = (check.window_start_ns as f64, check.window_end_ns as f64);
    let y = space.y(check.bound);
    canvas.line(&[(space.x(from), y), (space.x(to), y)], BOUND, 1.2);
    let mark = match check.status {
        CheckStatus::Passed => "✓",
        CheckStatus::Failed => "✗",
        CheckStatus::Inconclusive => "?",
    };
    let text = format!("{mark} {}", check.expression);
    let beside = if y - space.top < 24.0 { 10.0 } else { -9.0 };
    let (x, y) = (space.x(from) + 6.0, y + beside);
    canvas.rect((x - 2.0, y - 7.0), (x + text_width(&text, TEXT), y + 7.0), PAPER, 0.75);
    canvas.text((x, y), &text, TEXT, INK, Anchor::Start);
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::fixture;
    use crate::palette;
    use crate::result::RunResult;

    #[test]
    fn a_missing_percentile_is_a_gap() {
        let lines = |run: &RunResult| {
            let median = format!("stroke=\"{}\"", palette::QUANTILES[0].hex());
            let svg = &KIND.of_run(run)[0].svg;
            svg.lines()
                .filter(|line| line.starts_with("<polyline") && line.contains(&median))
                .count()
        };
        let mut run = fixture::storm();
        assert_eq!(lines(&run), 2, "the fixture has one gap");
        run.series.loads.get_mut("shoppers").expect("a load of the fixture").p50_ns.fill(Some(7));
        assert_eq!(lines(&run), 1);
    }

    #[test]
    fn only_latency_bounds_are_drawn() {
        let svg = &KIND.of_run(&fixture::storm())[0].svg;
        assert!(svg.contains("✗ p99 &lt; 800ms") && svg.contains("✓ p50 &lt; 50ms"));
        assert!(!svg.contains("ok &gt; 99%"));
    }
}
