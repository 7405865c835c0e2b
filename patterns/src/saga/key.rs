use crate::store::Key;

/// A key of parts, which is made in one piece: how many there are is known, and of most also how long they are.
#[inline]
pub(super) fn joined<const N: usize, const M: usize>(parts: [&[u8]; N], rest: [&[u8]; M]) -> Key {
    let length = |parts: &[&[u8]]| parts.iter().map(|part| part.len()).sum::<usize>();
    let mut key = Key::with_capacity(length(&parts) + length(&rest));
    parts.into_iter().for_each(|part| key.extend_from_slice(part));
    rest.into_iter().for_each(|part| key.extend_from_slice(part));
    key
}
