use crate::mix::mix;

/// Who somebody is, told by a path of names and numbers.
///
/// A text that is put together of names, such as `a → b retry`, stands for one thing only as long as
/// nobody calls a service `b retry`. In an identity each part keeps its bounds and its kind, so that
/// no name, whatever is in it, can be taken for another part.
///
/// ```
/// use cascadia_runtime::Identity;
///
/// let of = |service: &str| Identity::new("service").name(service);
/// assert_eq!(of("db").number(1), of("db").number(1));
/// assert_ne!(of("db").number(1), of("db").name("1"));
/// assert_ne!(of("db").name("retry"), of("db retry"));
/// ```
///
/// # Determinism
///
/// It keeps 128 bits of its path and not the path, hangs on that alone, and is the same on every
/// platform. Streams are made of it, so golden tests keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity([u64; 2]);

const NAME: u64 = 1;
const NUMBER: u64 = 2;

impl Identity {
    /// Something of a kind.
    pub fn new(kind: &str) -> Self {
        Self([0, 1]).name(kind)
    }

    /// The part of it that has this name.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        let whole = self.word(NAME).word(name.len() as u64);
        name.bytes().fold(whole, |whole, byte| whole.word(u64::from(byte)))
    }

    /// The part of it that has this number.
    #[must_use]
    pub const fn number(self, number: u64) -> Self {
        self.word(NUMBER).word(number)
    }

    const fn word(self, word: u64) -> Self {
        let Self([low, high]) = self;
        Self([mix(low, word), mix(high, word)])
    }

    /// What is mixed into what is made for it.
    pub const fn words(self) -> [u64; 2] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Paths of up to four parts, whose names look like other parts or like several of them.
    #[test]
    fn no_two_paths_are_one() {
        type Part = fn(Identity) -> Identity;
        let parts: [Part; 8] = [
            |it| it.name(""),
            |it| it.name("a"),
            |it| it.name("aa"),
            |it| it.name("a/1"),
            |it| it.name("\u{1}\0"),
            |it| it.number(0),
            |it| it.number(1),
            |it| it.number(u64::MAX),
        ];
        let mut paths = vec![Identity::new(""), Identity::new("a")];
        let mut all = paths.clone();
        for _ in 0..4 {
            let longer = |path: &Identity| parts.map(|part| part(*path));
            paths = paths.iter().flat_map(longer).collect();
            all.extend(&paths);
        }
        assert_eq!(all.len(), 2 * (1 + 8 + 64 + 512 + 4_096));
        for lane in 0..2 {
            let words = all.iter().map(|path| path.words()[lane]);
            assert_eq!(words.collect::<BTreeSet<_>>().len(), all.len(), "{lane}");
        }
    }
}
