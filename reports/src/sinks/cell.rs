use std::borrow::Cow;

use super::characters::{acts, escaped};

/// What spreadsheets take for the beginning of a formula, in either width.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A text as a cell of a table. Spreadsheets do what a cell says that begins like a formula, and many take a quotation
/// mark for it not to be one; a number is none.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    let text = escaped(text, acts);
    if text.trim_start().starts_with(FORMULA) && text.parse::<f64>().is_err() {
        return Cow::Owned(format!("'{text}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            (" @SUM(A1)", "' @SUM(A1)"),
            ("-cmd", "'-cmd"),
            ("＝1", "'＝1"),
            ("-5", "-5"),
            ("-1.5e-7", "-1.5e-7"),
            ("a=b", "a=b"),
            ("a\r=b", "a\\r=b"),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
