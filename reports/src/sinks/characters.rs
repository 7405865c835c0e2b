use std::borrow::Cow;

/// Whether a character does more than stand where it is: control characters, marks of direction, ends of lines
/// and what is no character.
pub const fn acts(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
        | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{e007f}')
        || c as u32 & 0xfffe == 0xfffe
}

/// Whether one of what [acts] begins with this byte, among others; of new lines there are many, and none is looked for.
/// Two comparisons are made of many bytes at a time.
const fn may_act(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\n') || byte > 0x7e
}

/// Whether a long text has a character that is `wrong`, of those that act but for new lines. Most of what is written
/// are digits, which are passed over many at a time.
pub(super) fn has(text: &str, wrong: impl Fn(char) -> bool) -> bool {
    let is_plain = |block: &[u8]| !block.iter().fold(false, |any, byte| any | may_act(*byte));
    let blocks = text.as_bytes().chunks(64).enumerate().filter(|(_, block)| !is_plain(block));
    blocks.into_iter().any(|(number, block)| {
        let begin = text.ceil_char_boundary(number * 64);
        let end = text.ceil_char_boundary(number * 64 + block.len());
        text[begin..end].contains(&wrong)
    })
}

/// The text with each character that is `wrong` written as a program would write it.
pub(super) fn escaped(text: &str, wrong: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&wrong) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match wrong(c) {
            true => safe.extend(c.escape_default()),
            false => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_is_passed_over() {
        for c in (0..0x11_0000).filter_map(char::from_u32).filter(|c| acts(*c) && *c != '\n') {
            for before in [0, 1, 62, 63, 64, 127] {
                let text = format!("{}{c}{}", "1".repeat(before), "ß".repeat(70));
                assert!(has(&text, acts), "{c:?} after {before}");
            }
        }
        assert!(!has("größe → 注文 🦀\n", |c| acts(c) && c != '\n'));
    }
}
