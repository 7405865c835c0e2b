use proptest::prelude::*;

use super::*;

/// A text of some lines, of which some are long, and wherever labels may be.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec!["a", "\t", "ß", "語", "\r\n", "\n", "\u{1b}"]);
    let run = (piece, prop_oneof![0..3usize, 5..40usize, 900..1_100usize, 30_000..40_000usize]);
    let runs = prop::collection::vec(run.prop_map(|(piece, times)| piece.repeat(times)), 1..6);
    runs.prop_map(|runs| runs.concat())
}

fn label(text: &str, from: f64, length: f64, primary: bool) -> Label {
    let at = |share: f64| text.floor_char_boundary((text.len() as f64 * share) as usize);
    let (start, end) = (at(from), at(from + (1.0 - from) * length));
    Label { source: 0, start, end, text: "here".to_owned(), primary }
}

proptest! {
    #[test]
    fn any_place_of_any_text_can_be_shown(
        text in text(),
        places in prop::collection::vec((0.0..1.0, 0.0..1.0), 1..4),
        format in prop::sample::select(vec![Format::Text, Format::Json, Format::Github])
    ) {
        let labels = places.iter().enumerate();
        let labels = labels.map(|(index, (from, length))| label(&text, *from, *length, index == 0));
        let labels = labels.collect();
        let problems = problems(text, vec![diagnostic(labels)]);
        let (line, column) = Positions::of(&problems.sources[0].text)
            .at(problems.diagnostics[0].labels[0].start);
        let shown = render(&[problems], format, Look::default());
        prop_assert!(shown.len() < 4_000, "{} bytes are shown", shown.len());
        let width = shown.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        prop_assert!(format == Format::Json || width < 320, "{width} characters: {shown}");
        let place = match format {
            Format::Text => format!("[x.json:{line}:"),
            Format::Json => format!("\"column\": {column},"),
            Format::Github => format!("line={line},col={column},"),
        };
        prop_assert!(shown.contains(&place), "{place} is not in {shown}");
    }

    #[test]
    fn nothing_of_a_text_acts_where_it_is_shown(
        text in r"[ \t\r\n:#\x1b\u{202e}\u{fffe}\[a-c]{0,300}",
        format in prop::sample::select(vec![Format::Text, Format::Json, Format::Github])
    ) {
        let labels = vec![Label { text: text.clone(), ..label(&text, 0.3, 0.2, true) }];
        let (message, help) = (text.clone(), Some(text.clone()));
        let one = Diagnostic { message, help, ..diagnostic(labels) };
        let shown = render(&[problems(text, vec![one])], format, Look::default());
        let rest = shown.replace(['\n', '\t'], "");
        prop_assert!(!rest.contains(cascadia_reports::sinks::acts), "{rest:?}");
        prop_assert!(!shown.contains("##"), "{shown}");
        for line in shown.lines().skip(usize::from(format == Format::Github)) {
            prop_assert!(!line.trim_start().starts_with("::"), "{shown}");
        }
    }
}

fn diagnostic(labels: Vec<Label>) -> Diagnostic {
    let (severity, message) = (Severity::Error, "wrong".to_owned());
    Diagnostic { code: "S001", severity, message, labels, help: None, variants: Vec::new() }
}

fn problems(text: String, diagnostics: Vec<Diagnostic>) -> Problems {
    Problems { sources: vec![Source { name: "x.json".to_owned(), text }], diagnostics }
}

/// Errors among warnings.
fn many(errors: usize, warnings: usize) -> Problems {
    let severity = |index| match index < warnings {
        true => Severity::Warning,
        false => Severity::Error,
    };
    let labels = || vec![label("word", 0.0, 1.0, true)];
    let one = |index| Diagnostic {
        severity: severity(index),
        message: format!("problem {index}."),
        ..diagnostic(labels())
    };
    problems("word".to_owned(), (0..errors + warnings).map(one).collect())
}

#[test]
fn the_first_problems_are_shown_errors_before_warnings_and_the_rest_is_counted() {
    for (errors, warnings, shown, more) in [
        (3, 2, 5, ""),
        (50, 0, 50, ""),
        (70, 70, 50, "and 20 errors and 70 warnings more"),
        (10, 70, 50, "and 30 warnings more"),
        (51, 1, 50, "and 1 error and 1 warning more"),
    ] {
        let found = [many(errors, warnings)];
        for format in [Format::Text, Format::Github] {
            let text = render(&found, format, Look::default());
            assert_eq!(text.matches("problem").count(), shown, "{errors} {warnings}");
            assert!(text.contains(more) && (!more.is_empty() || !text.contains(" more")), "{text}");
            let first = format!("problem {warnings}.");
            assert!(text.contains(&first), "an error is not hidden by warnings");
        }
        let json = render(&found, Format::Json, Look::default());
        assert_eq!(json.matches("problem").count(), errors + warnings);
    }
}

#[test]
fn of_a_long_text_its_beginning_and_its_end_are_shown() {
    let name = "n".repeat(1_000_000);
    let message = format!("there is no service `{name}` here");
    let found = [problems(String::new(), vec![Diagnostic { message, ..diagnostic(Vec::new()) }])];
    for format in [Format::Text, Format::Github] {
        let text = render(&found, format, Look::default());
        assert!(
            text.len() < 1_500 && text.contains("no service") && text.contains("here"),
            "{text}"
        );
    }
}
