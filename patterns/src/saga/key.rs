use crate::store::Key;

/// A key of parts, which is made in one piece.
pub(super) fn joined(parts: &[&[u8]], rest: &[&[u8]]) -> Key {
    let length = |parts: &[&[u8]]| parts.iter().map(|part| part.len()).sum::<usize>();
    let mut key = Key::with_capacity(length(parts) + length(rest));
    for part in parts {
        key.extend_from_slice(part);
    }
    for part in rest {
        key.extend_from_slice(part);
    }
    key
}
