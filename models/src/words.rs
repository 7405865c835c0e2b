//! Names as parts of longer ones.

use std::borrow::Cow;

/// The target of an inbound stack.
pub(crate) const INBOUND: &str = "inbound";

/// A name as a part of a longer one: as it is where it is a plain word, or else between quotes, so
/// that nothing in it can be taken for what stands between the parts.
pub(crate) fn word(name: &str) -> Cow<'_, str> {
    let joins = |c: char| c.is_whitespace() || matches!(c, '"' | '/' | '[' | '→');
    let is_plain = !name.is_empty() && name != INBOUND && !name.contains(joins);
    if is_plain { name.into() } else { format!("{name:?}").into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_no_plain_word_is_quoted() {
        for plain in ["db", "order-service", "p.retry", "größe", "p]"] {
            assert_eq!(word(plain), plain);
        }
        for (name, quoted) in [
            ("", r#""""#),
            ("inbound", r#""inbound""#),
            ("a/0", r#""a/0""#),
            ("a → b", r#""a → b""#),
            ("p fallback 1", r#""p fallback 1""#),
            ("p[1]", r#""p[1]""#),
            (r#""a""#, r#""\"a\"""#),
        ] {
            assert_eq!(word(name), quoted);
        }
    }
}
