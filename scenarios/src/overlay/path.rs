/// The way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path(pub(crate) Vec<Segment>);

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    Key(String),
    Index(usize),
}

/// Most parts of a path.
const MOST: usize = 64;

impl Path {
    /// Reads `a.b`, `["POST /orders"]` and `[0]`; if it is none, a sentence that says why.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut segments = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let bracket = rest.starts_with('[');
            let (segment, after) = if bracket { in_brackets(rest)? } else { plain(rest) };
            if segment == Segment::Key(String::new()) && !bracket {
                return Err(format!("the path `{text}` has an empty part"));
            }
            segments.push(segment);
            if segments.len() > MOST {
                return Err(format!("a path has at most {MOST} parts"));
            }
            rest = match after.strip_prefix('.') {
                Some("") => return Err(format!("the path `{text}` ends with a dot")),
                Some(next) => next,
                None if after.is_empty() || after.starts_with('[') => after,
                None => return Err(format!("a dot belongs before `{after}`")),
            };
        }
        if segments.is_empty() { Err("the path is empty".to_owned()) } else { Ok(Self(segments)) }
    }

    /// The first parts, as they are written.
    pub(crate) fn text(&self, parts: usize) -> String {
        let mut text = String::new();
        for segment in self.0.iter().take(parts) {
            match segment {
                Segment::Index(index) => text.push_str(&format!("[{index}]")),
                Segment::Key(key) if key.contains(['.', '[', ']', ' ', '=']) => {
                    text.push_str(&format!("[{key:?}]"));
                }
                Segment::Key(key) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(key);
                }
            }
        }
        text
    }
}

fn plain(rest: &str) -> (Segment, &str) {
    let (key, after) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
    (Segment::Key(key.to_owned()), after)
}

fn in_brackets(rest: &str) -> Result<(Segment, &str), String> {
    let unclosed = || format!("the bracket of `{rest}` is not closed");
    let inner = &rest[1..];
    if inner.starts_with('"') {
        let end = string_end(inner).ok_or_else(unclosed)?;
        let key: String = serde_json::from_str(&inner[..end])
            .map_err(|_| format!("`{}` is not a JSON string", &inner[..end]))?;
        let after = inner[end..].strip_prefix(']').ok_or_else(unclosed)?;
        return Ok((Segment::Key(key), after));
    }
    let (number, after) = inner.split_once(']').ok_or_else(unclosed)?;
    let index = number.parse().map_err(|_| {
        format!("`[{number}]` is neither a number nor a string in quotes such as [\"a b\"]")
    })?;
    Ok((Segment::Index(index), after))
}

/// The byte after the closing quote of a string that begins at 0.
fn string_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// Where the `=` between a path and a value stands.
pub(crate) fn split_assignment(text: &str) -> Option<usize> {
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' if bracket => quoted = !quoted,
            b'[' if !quoted => bracket = true,
            b']' if !quoted => bracket = false,
            b'=' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: &str) -> Segment {
        Segment::Key(key.to_owned())
    }

    #[test]
    fn paths_have_three_kinds_of_parts() {
        let path =
            Path::parse("services.gateway.endpoints[\"POST /a.b\"][0].call").expect("a path");
        let parts = ["services", "gateway", "endpoints", "POST /a.b"].map(key);
        assert_eq!(path.0, [&parts[..], &[Segment::Index(0), key("call")]].concat());
        assert_eq!(path.text(5), "services.gateway.endpoints[\"POST /a.b\"][0]");
    }

    #[test]
    fn what_is_no_path_is_told() {
        for text in
            ["", ".", "a.", "a..b", "a[", "a[x]", "a[\"b", "a[\"b\"", "a[0]b", "[\"\\\"", "["]
        {
            assert!(Path::parse(text).is_err(), "{text}");
        }
        assert!(Path::parse(&"a.".repeat(1000)).is_err());
    }

    #[test]
    fn the_first_free_equals_sign_splits() {
        assert_eq!(split_assignment("a.b=c=d"), Some(3));
        assert_eq!(split_assignment("a[\"x=\\\"=\"].b=1"), Some(12));
        assert_eq!(split_assignment("a.b"), None);
    }
}
