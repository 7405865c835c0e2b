/// Most levels of brackets in a text.
pub(super) const MOST_LEVELS: usize = 64;

/// Where brackets nest too deep, found without recursion.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_string(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => at = end_of_line(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => at = end_of_block(bytes, at),
            b'[' | b'{' => {
                depth += 1;
                if depth > MOST_LEVELS {
                    return Some(at);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

fn end_of_line(bytes: &[u8], start: usize) -> usize {
    bytes[start..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |len| start + len)
}

fn end_of_block(bytes: &[u8], start: usize) -> usize {
    let body = (start + 2).min(bytes.len());
    bytes[body..]
        .windows(2)
        .position(|pair| pair == b"*/")
        .map_or(bytes.len(), |len| body + len + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_do_not_count() {
        let brackets = "[".repeat(100);
        assert_eq!(too_deep(&format!("\"\\\"{brackets}\"")), None);
        assert_eq!(too_deep(&format!("// {brackets}\n1")), None);
        assert_eq!(too_deep(&format!("/* {brackets} */ 1")), None);
        assert_eq!(too_deep(&brackets), Some(64));
        assert_eq!(too_deep("/*"), None);
        assert_eq!(too_deep("\"\\"), None);
    }
}
