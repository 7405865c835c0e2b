use std::time::Duration;

/// What is left to be read. Everything that reads says nothing where the bytes are not what they should be.
pub(crate) type In<'a, 'b> = &'a mut &'b [u8];

pub(crate) fn byte(rest: In<'_, '_>) -> Option<u8> {
    rest.split_off_first().copied()
}

pub(crate) fn flag(rest: In<'_, '_>) -> Option<bool> {
    match byte(rest)? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

pub(crate) fn short(rest: In<'_, '_>) -> Option<u32> {
    let (bytes, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(u32::from_le_bytes(*bytes))
}

pub(crate) fn long(rest: In<'_, '_>) -> Option<u64> {
    let (bytes, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(u64::from_le_bytes(*bytes))
}

pub(crate) fn duration(rest: In<'_, '_>) -> Option<Duration> {
    long(rest).map(Duration::from_nanos)
}

pub(crate) fn bytes<'b>(rest: In<'_, 'b>) -> Option<&'b [u8]> {
    let length = short(rest)? as usize;
    rest.split_off(..length)
}

pub(crate) fn text<'b>(rest: In<'_, 'b>) -> Option<&'b str> {
    std::str::from_utf8(bytes(rest)?).ok()
}

pub(crate) fn list<T>(rest: In<'_, '_>, read: impl Fn(In<'_, '_>) -> Option<T>) -> Option<Vec<T>> {
    // Nothing is set aside for a number that may be wrong.
    let items = short(rest)?;
    let mut list = Vec::new();
    for _ in 0..items {
        list.push(read(rest)?);
    }
    Some(list)
}

pub(crate) fn option<T>(
    rest: In<'_, '_>,
    read: impl FnOnce(In<'_, '_>) -> Option<T>,
) -> Option<Option<T>> {
    match flag(rest)? {
        true => read(rest).map(Some),
        false => Some(None),
    }
}
