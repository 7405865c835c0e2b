/// The width of the names.
const NAMES: usize = 16;
/// The width of a line.
const WIDTH: usize = 100;

const INTRODUCTION: &str = "\
All figures cover the run from the end of the warm-up to its end, in simulated time. Every request
ends in exactly one outcome, from ok to unfinished; they sum to offered.
";

/// What is no metric but stands in the summary.
const OTHERS: [(&str, &str); 4] = [
    (
        "policies",
        "Calls that a layer of a policy refused and retries that it was denied, by reason, all \
         instances of the layer on the way to one target together.",
    ),
    (
        "recovery",
        "Time from the end of a fault until goodput, averaged over 5 s, is no longer measurably below \
         95 % of its mean before the first fault: not now, and not later. Measurably means by more \
         than three standard deviations of a Poisson count.",
    ),
    ("k of n", "Seeds that passed, of all seeds, with the 95 % interval of Wilson (1927)."),
    ("percentiles", "A percentile is shown only where at least ten samples lie beyond it."),
];

/// What each figure means, for `--help-metrics`: the metrics of each kind of subject by name, and
/// what else stands in the summary.
pub fn metrics_help(metrics: &[(&str, Vec<(String, &str)>)]) -> String {
    let mut text = INTRODUCTION.to_owned();
    for (subjects, rows) in metrics {
        text += &format!("\nOf {subjects}:\n");
        rows.iter().for_each(|(name, help)| row(&mut text, name, help));
    }
    text += "\nBesides, in the summary:\n";
    OTHERS.iter().for_each(|(name, help)| row(&mut text, name, help));
    text
}

/// A name and its meaning, in lines beside or below it.
fn row(text: &mut String, name: &str, help: &str) {
    let mut line = format!("{name:NAMES$}");
    if name.len() >= NAMES {
        *text += &format!("{name}\n");
        line = " ".repeat(NAMES);
    }
    for word in help.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            *text += &format!("{}\n", line.trim_end());
            line = " ".repeat(NAMES);
        }
        if !line.ends_with(' ') {
            line.push(' ');
        }
        line += word;
    }
    *text += &format!("{line}\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings_stand_beside_short_names_and_below_long_ones() {
        let long = "one two three ".repeat(8);
        let rows = vec![("ok".to_owned(), "Fine."), ("a very long name".to_owned(), long.trim())];
        let text = metrics_help(&[("loads", rows)]);
        let expected = "\nOf loads:\nok              Fine.\na very long name\n                one";
        assert!(text.contains(expected), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
    }
}
