use std::borrow::Cow;

use super::characters::{acts, escaped};

/// A whole page, picture or report, in which no character is left that XML forbids or that moves others.
pub(crate) fn markup(text: String) -> String {
    match escaped(&text, |c| acts(c) && c != '\n' && c != '\t') {
        Cow::Borrowed(_) => text,
        Cow::Owned(safe) => safe,
    }
}
