use std::fmt;

/// Most entries of a list.
const MOST: usize = 32;
/// What is propagated at least, in characters. Longer lists lose entries until they fit.
const LENGTH: usize = 512;
/// Entries longer than this are the first to go.
const LONG: usize = 128;

/// The `tracestate` header: what each tracing system on the way has to say, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceState(Vec<(String, String)>);

impl TraceState {
    /// Reads the headers of that name, in their order; together they are one list. A list that is
    /// not valid is given up as a whole, and the trace goes on without it.
    pub fn parse<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut entries: Vec<(String, String)> = Vec::new();
        let members = headers.flat_map(|header| header.split(','));
        for member in members.map(|member| member.trim_matches([' ', '\t'])) {
            if member.is_empty() {
                continue;
            }
            let (key, value) = member.split_once('=')?;
            let twice = entries.iter().any(|(known, _)| known == key);
            if !is_key(key) || !is_value(value) || twice || entries.len() == MOST {
                return None;
            }
            entries.push((key.to_owned(), value.to_owned()));
        }
        Some(Self(entries))
    }

    /// What a tracing system has to say.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| &**value)
    }

    /// Changes or adds an entry, which moves to the front. The last one goes where there are too
    /// many. Returns whether key and value were valid; otherwise nothing changes.
    pub fn set(&mut self, key: &str, value: &str) -> bool {
        let valid = is_key(key) && is_value(value);
        if valid {
            self.0.retain(|(known, _)| known != key);
            self.0.insert(0, (key.to_owned(), value.to_owned()));
            self.0.truncate(MOST);
        }
        valid
    }

    /// There is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes entries away until the list has at most 512 characters: first those of more than 128,
    /// then the oldest. The first entry stays in any case.
    #[must_use]
    pub fn shortened(mut self) -> Self {
        while self.length() > LENGTH && self.0.len() > 1 {
            let long = self.0.iter().skip(1).rposition(|entry| length(entry) > LONG);
            self.0.remove(long.map_or(self.0.len() - 1, |index| index + 1));
        }
        self
    }

    fn length(&self) -> usize {
        self.0.iter().map(length).sum::<usize>() + self.0.len().saturating_sub(1)
    }
}

fn length((key, value): &(String, String)) -> usize {
    key.len() + 1 + value.len()
}

/// A lowercase letter or a digit, then up to 255 of these and of `_-*/@`.
fn is_key(key: &str) -> bool {
    let first = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let other = |byte: u8| first(byte) || b"_-*/@".contains(&byte);
    (1..=256).contains(&key.len()) && key.bytes().take(1).all(first) && key.bytes().all(other)
}

/// Up to 256 printable characters but `,` and `=`, the last of which is no space.
fn is_value(value: &str) -> bool {
    let printable = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b',' && byte != b'=';
    (1..=256).contains(&value.len()) && value.bytes().all(printable) && !value.ends_with(' ')
}

impl fmt::Display for TraceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, value)) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{key}={value}")?;
        }
        Ok(())
    }
}
