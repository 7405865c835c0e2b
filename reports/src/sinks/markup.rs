use super::characters::{acts, escaped, has};

/// A whole page, picture or report, in which no character is left that XML forbids or that moves others.
pub(crate) fn markup(text: String) -> String {
    let wrong = |c| acts(c) && c != '\n' && c != '\t';
    if has(&text, wrong) { escaped(&text, wrong).into_owned() } else { text }
}
