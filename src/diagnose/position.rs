/// Characters are counted up to each so many bytes, so that a place in a long line is found without counting from its
/// beginning.
const BLOCK: usize = 1 << 10;

/// The lines and columns of a text.
pub(super) struct Positions<'a> {
    text: &'a str,
    /// Where each line begins.
    lines: Vec<usize>,
    /// Characters before each block.
    before: Vec<usize>,
}

impl<'a> Positions<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        let mut count = 0;
        let before = text.as_bytes().chunks(BLOCK).map(|block| {
            let before = count;
            count += begun(block);
            before
        });
        let before = before.collect();
        Self { text, lines, before }
    }

    /// Line and column of a byte offset, from 1; columns count characters.
    pub(super) fn at(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.lines.partition_point(|start| *start <= offset);
        (line, self.characters(offset) - self.characters(self.lines[line - 1]) + 1)
    }

    /// How many characters there are before a byte.
    fn characters(&self, offset: usize) -> usize {
        let block = (offset / BLOCK).min(self.before.len().saturating_sub(1));
        let before = self.before.get(block).copied().unwrap_or_default();
        before + begun(&self.text.as_bytes()[block * BLOCK..offset])
    }
}

/// Characters that begin in these bytes of a text.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lines_and_columns_are_those_that_are_counted(
            pieces in prop::collection::vec(prop::sample::select(vec!["a", "ß", "語", "\n"]), 0..4_000),
            share in 0.0..1.1,
        ) {
            let text = pieces.concat();
            let offset = text.floor_char_boundary((text.len() as f64 * share) as usize);
            let before = &text[..offset];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            prop_assert_eq!(Positions::of(&text).at(offset), (line, column));
        }
    }
}
