use std::borrow::Cow;

use super::characters::{acts, escaped};

/// What begins a command somewhere in a line of a log: of the older form in GitHub Actions, in Azure Pipelines, in
/// TeamCity.
const COMMANDS: &str = "##";

/// A text as part of a line on a terminal or in the log of a CI service: it stays in that line and does nothing.
///
/// ```
/// use cascadia_reports::sinks::line;
///
/// assert_eq!(line("a\u{1b}[2Jb\n::error::c"), "a\\u{1b}[2Jb\\n::error::c");
/// assert_eq!(line("::error::c"), "\\u{3a}:error::c");
/// assert_eq!(line("größe 注文"), "größe 注文");
/// ```
pub fn line(text: &str) -> Cow<'_, str> {
    match escaped(text, acts) {
        Cow::Borrowed(text) => inert(text),
        Cow::Owned(text) => Cow::Owned(inert(&text).into_owned()),
    }
}

/// A line that is put together already and may have colours, so that no log takes it for a command.
pub fn inert(line: &str) -> Cow<'_, str> {
    let mut line = Cow::Borrowed(line);
    if line.contains(COMMANDS) {
        line = Cow::Owned(line.replace(COMMANDS, "#\\u{23}"));
    }
    let begins = line.len() - line.trim_start().len();
    if line[begins..].starts_with("::") {
        line.to_mut().replace_range(begins..=begins, "\\u{3a}");
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_acts_and_nothing_is_a_command(text in r"[ \t\n:#\x1b\u{202e}\u{fffe}\[a-c]{0,12}") {
            let safe = line(&text);
            prop_assert!(!safe.contains(acts), "{safe}");
            prop_assert!(!safe.trim_start().starts_with("::"), "{safe}");
            prop_assert!(!safe.contains("##"), "{safe}");
        }
    }
}
