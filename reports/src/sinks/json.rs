use super::characters::{acts, has};

/// A whole text of JSON, in which what acts is escaped, as is what would be a command in a log. All of that stands in
/// strings, as only white space is outside of them.
pub fn json(text: String) -> String {
    let wrong = |c: char| acts(c) && c != '\n';
    let text = if text.contains("##") { text.replace("##", "#\\u0023") } else { text };
    if !has(&text, wrong) {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if wrong(c) {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            safe.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_was_written() {
        let every: String =
            (0..0x11_0000).filter_map(char::from_u32).filter(|c| acts(*c)).collect();
        let every = format!("{every}##[error]###\\##");
        let text = json(serde_json::to_string_pretty(&vec![&every]).unwrap());
        assert!(!text.contains("##"), "{text}");
        assert!(!text.replace('\n', "").contains(acts));
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), [every]);
    }
}
