//! Texts with gaps.

use cascadia_reports::sinks::line;

/// What stands between the gaps of a text. In those of sources a gap is in braces, in those that are to be told it is `*`.
pub(crate) struct Template(Vec<String>);

impl Template {
    /// A text as it stands in a source.
    pub(crate) fn of_source(text: &str) -> Self {
        let mut pieces = vec![String::new()];
        let mut depth = 0;
        for letter in text.chars() {
            match letter {
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    pieces.push(String::new());
                }
                _ if depth == 0 => pieces.last_mut().expect("there is one").push(letter),
                _ => {}
            }
        }
        Self(pieces)
    }

    /// A text that is to be told, as terminals show it or as pages do.
    pub(crate) fn of_told(text: &str) -> [Self; 2] {
        let of = |text: &str| Self(text.split('*').map(str::to_owned).collect());
        [of(text), of(&line(text))]
    }

    /// Whether a line says this, whatever is in the gaps.
    pub(crate) fn is_in(&self, line: &str) -> bool {
        let mut rest = line;
        self.0.iter().all(|piece| {
            let found = rest.find(piece.trim_end_matches('\n'));
            found.inspect(|at| rest = &rest[at + piece.trim_end_matches('\n').len()..]).is_some()
        })
    }
}
