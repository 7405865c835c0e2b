use crate::charts::canvas::{Anchor, Canvas, TEXT, text_width};
use crate::charts::frame::{LEFT, RIGHT};
use crate::charts::kind::{Draw, Kind};
use crate::charts::picture::{Drawn, Picture};
use crate::format;
use crate::palette::{FAILED, GRID, INCONCLUSIVE, INK, MUTED, PASSED};
use crate::result::{SeedRow, SweepResult};

const STRIP: f64 = 78.0;

pub(super) const KIND: Kind =
    Kind { name: "spread", title: "Spread over seeds", draw: Draw::Sweep(draw) };

/// A strip per check with a dot per seed, from the smallest to the largest measured value.
fn draw(result: &SweepResult) -> Drawn<'_> {
    if result.runs.iter().all(|run| run.measured.iter().all(Option::is_none)) {
        return Err("No check was measured in any seed.".to_owned());
    }
    let caption = format!(
        "The measured value of each check, a dot per seed, n = {}; filled by verdict. A seed with \
         too few samples to measure has no dot.",
        format::count(result.runs.len() as u64)
    );
    let height = 64.0 + STRIP * result.checks.len() as f64;
    let paint = move |canvas: &mut Canvas<'_>| paint(canvas, result);
    Ok(Picture { title: None, caption, height, paint: Box::new(paint) })
}

fn paint(canvas: &mut Canvas<'_>, result: &SweepResult) {
    let mut x = LEFT;
    for (color, text) in [(PASSED, "passed"), (FAILED, "failed"), (INCONCLUSIVE, "inconclusive")] {
        canvas.dot((x, 44.0), 4.5, color, 1.0);
        canvas.text((x + 11.0, 44.0), text, TEXT, INK, Anchor::Start);
        x += 11.0 + text_width(text, TEXT) + 20.0;
    }
    for (index, check) in result.checks.iter().enumerate() {
        let middle = 64.0 + STRIP * index as f64 + 34.0;
        let name = format!("{} {}", check.subject, check.expression);
        canvas.text((LEFT, middle - 24.0), &name, TEXT, INK, Anchor::Start);
        canvas.line(&[(LEFT, middle), (RIGHT, middle)], GRID, 1.0);
        strip(canvas, &result.runs, index, middle);
    }
}

fn strip(canvas: &mut Canvas<'_>, runs: &[SeedRow], check: usize, middle: f64) {
    let value = |run: &SeedRow| run.measured.get(check).copied().flatten();
    let mut seeds: Vec<(f64, &SeedRow)> =
        runs.iter().filter_map(|run| Some((value(run)?, run))).collect();
    seeds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (Some(&(low, least)), Some(&(high, most))) = (seeds.first(), seeds.last()) else {
        canvas.text((LEFT, middle + 22.0), "too few samples", TEXT, MUTED, Anchor::Start);
        return;
    };
    for &(value, run) in &seeds {
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        let x = LEFT + 8.0 + (RIGHT - LEFT - 16.0) * share;
        let color = match run.passed.get(check).copied().flatten() {
            Some(true) => PASSED,
            Some(false) => FAILED,
            None => INCONCLUSIVE,
        };
        canvas.dot((x, middle), 4.5, color, 0.55);
    }
    let text = |run: &SeedRow| {
        let measured = run.measured_text.get(check).map_or("", String::as_str);
        format!("{measured} (seed {})", run.seed)
    };
    canvas.text((LEFT, middle + 20.0), &text(least), TEXT, MUTED, Anchor::Start);
    if high > low {
        canvas.text((RIGHT, middle + 20.0), &text(most), TEXT, MUTED, Anchor::End);
    }
}
