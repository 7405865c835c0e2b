use crate::store::Key;

/// A key of parts, which is made in one piece.
pub(super) fn joined(parts: &[&[u8]], rest: &[&[u8]]) -> Key {
    let all = || parts.iter().chain(rest);
    let mut key = Key::with_capacity(all().map(|part| part.len()).sum());
    all().for_each(|part| key.extend_from_slice(part));
    key
}
