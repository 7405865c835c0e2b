use super::Chart;
use crate::format;
use crate::result::RunResult;

/// What every caption ends with: the window, what is shaded, and where the picture begins.
pub(super) fn note(result: &RunResult) -> String {
    let width = format::duration(result.series.window_ns as f64);
    let shaded = match result.faults.len() {
        0 => "no faults".to_owned(),
        n if n > super::frame::LANES => {
            format!("shaded: faults, the first {} of {n} with a lane", super::frame::LANES)
        }
        _ => "shaded: faults".to_owned(),
    };
    let warmup = match result.warmup_ns {
        0 => String::new(),
        ns => format!("; the warm-up of {} is not shown", format::duration(ns as f64)),
    };
    format!("windows of {width}; {shaded}{warmup}")
}

/// A chart of one load, or of everything where `of` is empty.
///
/// The load is named in the title and the id only where there are several.
pub(super) fn chart(
    result: &RunResult,
    kind: &'static str,
    of: &str,
    title: &str,
    caption: String,
    draw: impl FnOnce((&str, &str)) -> String,
) -> Chart {
    let named = !of.is_empty() && result.series.loads.len() > 1;
    let title = if named { format!("{title}: {of}") } else { title.to_owned() };
    let id = if named { format!("{kind}-{}", slug(of)) } else { kind.to_owned() };
    let svg = draw((&title, &caption));
    Chart { kind, id, title, caption, svg }
}

/// A name in letters that fit a file name on any system.
pub(super) fn slug(name: &str) -> String {
    name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect()
}
