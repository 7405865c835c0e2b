use super::number;

/// A duration in nanoseconds: `412 ms`, `1.9 s`.
pub fn duration(ns: f64) -> String {
    let magnitude = ns.abs();
    let (unit, size) = match magnitude {
        m if m < 999.5 => ("ns", 1.0),
        m if m < 999.5e3 => ("µs", 1e3),
        m if m < 999.5e6 => ("ms", 1e6),
        m if m < 600e9 => ("s", 1e9),
        m if m < 7_200e9 => ("min", 60e9),
        _ => ("h", 3_600e9),
    };
    format!("{} {unit}", number(ns / size))
}

/// A moment of a run, to a tenth of a second where the run is long: `30.0 s`, `412 ms`.
pub fn moment(ns: u64) -> String {
    let seconds = ns as f64 / 1e9;
    match ns {
        0 => "0 s".to_owned(),
        1..1_000_000_000 => duration(ns as f64),
        1_000_000_000..10_000_000_000 if !ns.is_multiple_of(100_000_000) => {
            format!("{seconds:.2} s")
        }
        _ => format!("{seconds:.1} s"),
    }
}

/// A stretch of a run: `23.0–31.4 s`.
pub fn span(start_ns: u64, end_ns: u64) -> String {
    let (start, end) = (moment(start_ns), moment(end_ns));
    match (start.rsplit_once(' '), end.rsplit_once(' ')) {
        (Some((from, unit)), Some((_, other))) if unit == other => format!("{from}–{end}"),
        _ => format!("{start} – {end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_choose_their_unit() {
        let cases = [
            (0.0, "0 ns"),
            (850.0, "850 ns"),
            (999.7, "1 µs"),
            (12_340.0, "12.3 µs"),
            (21e6, "21 ms"),
            (412e6, "412 ms"),
            (999.6e6, "1 s"),
            (1.9e9, "1.9 s"),
            (120e9, "120 s"),
            (900e9, "15 min"),
            (9_000e9, "2.5 h"),
        ];
        for (ns, text) in cases {
            assert_eq!(duration(ns), text, "{ns}");
        }
    }

    #[test]
    fn moments_and_spans_read_like_a_clock() {
        assert_eq!(moment(30_000_000_000), "30.0 s");
        assert_eq!(moment(31_449_000_000), "31.4 s");
        assert_eq!(moment(1_440_000_000), "1.44 s");
        assert_eq!(moment(412_000_000), "412 ms");
        assert_eq!(span(23_000_000_000, 31_400_000_000), "23.0–31.4 s");
        assert_eq!(span(0, 500_000_000), "0 s – 500 ms");
    }
}
