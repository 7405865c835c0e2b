use cascadia_runtime::Wall;

use super::asked::Asked;
use crate::store::{Key, Range};

/// The keys of rows.
#[derive(Clone, Debug)]
pub(super) struct Rows(pub(super) Key);

impl Rows {
    /// That of a request. The length of the scope comes first, so that no two scopes and keys are one.
    pub(super) fn of(&self, asked: &Asked) -> Key {
        let (scope, key) = (asked.scope.as_bytes(), asked.key.as_bytes());
        let length = (scope.len() as u32).to_be_bytes();
        [&self.0, b"key/".as_slice(), &length, scope, key].concat()
    }

    /// The same, by when it may be forgotten.
    pub(super) fn by_age(&self, expires: Wall, key: &[u8]) -> Key {
        let at = expires.as_nanos().to_be_bytes();
        [&self.0, b"at/".as_slice(), &at, &key[self.0.len()..]].concat()
    }

    /// All that may be forgotten before.
    pub(super) fn before(&self, at: Wall) -> Range {
        let start = [&self.0, b"at/".as_slice()].concat();
        let end = [&start, at.as_nanos().to_be_bytes().as_slice()].concat();
        Range::new(start, end)
    }
}
