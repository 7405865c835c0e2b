use super::frame::LANES;
use crate::format;
use crate::result::RunResult;

/// What every caption ends with: the window, what is shaded, and where the picture begins.
pub(super) fn note(result: &RunResult) -> String {
    let width = format::duration(result.series.window_ns as f64);
    let shaded = match result.faults.len() {
        0 => "no faults".to_owned(),
        n if n > LANES => format!("shaded: faults, the first {LANES} of {n} with a lane"),
        _ => "shaded: faults".to_owned(),
    };
    let warmup = match result.warmup_ns {
        0 => String::new(),
        ns => format!("; the warm-up of {} is not shown", format::duration(ns as f64)),
    };
    format!("windows of {width}; {shaded}{warmup}")
}

/// What a caption says of those that are left out, in words for one and for several.
pub(super) fn left_out(count: usize, one: &str, several: &str) -> String {
    match count {
        0 => String::new(),
        1 => format!(" 1 {one} is not shown."),
        _ => format!(" {count} {several} are not shown."),
    }
}

#[cfg(test)]
mod tests {
    use super::left_out;

    #[test]
    fn one_that_is_left_out_is_not_several() {
        let said = |count| left_out(count, "lane", "lanes");
        assert_eq!(said(0), "");
        assert_eq!(said(1), " 1 lane is not shown.");
        assert_eq!(said(2), " 2 lanes are not shown.");
    }
}
