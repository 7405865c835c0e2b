use super::line::line;

/// An annotation of GitHub Actions: what a workflow command is made of.
///
/// ```
/// use cascadia_reports::sinks::annotation;
///
/// let place = [("file", "a,b.json".to_owned()), ("line", "3".to_owned())];
/// assert_eq!(annotation("error", &place, "50 %\nof it"), "::error file=a%2Cb.json,line=3::50 %25%0Aof it\n");
/// ```
pub fn annotation(command: &str, properties: &[(&str, String)], text: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    let gap = if properties.is_empty() { "" } else { " " };
    format!("::{command}{gap}{}::{}\n", properties.join(","), data(text))
}

/// The lines of a text are kept, as the log shows them.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(|text| line(text).replace('%', "%25")).collect();
    lines.join("%0A")
}

fn property(text: &str) -> String {
    line(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}
