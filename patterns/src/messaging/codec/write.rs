use std::time::Duration;

/// Something that is written.
pub(crate) type Out<'a> = &'a mut Vec<u8>;

pub(crate) fn byte(out: Out<'_>, byte: u8) {
    out.push(byte);
}

pub(crate) fn flag(out: Out<'_>, flag: bool) {
    out.push(u8::from(flag));
}

pub(crate) fn short(out: Out<'_>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

pub(crate) fn long(out: Out<'_>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

pub(crate) fn duration(out: Out<'_>, duration: Duration) {
    long(out, u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
}

/// # Panics
///
/// When there are more than 4 GiB.
pub(crate) fn bytes(out: Out<'_>, bytes: &[u8]) {
    short(out, u32::try_from(bytes.len()).expect("a value has less than 4 GiB"));
    out.extend_from_slice(bytes);
}

pub(crate) fn text(out: Out<'_>, text: &str) {
    bytes(out, text.as_bytes());
}

pub(crate) fn list<T>(out: Out<'_>, items: &[T], mut write: impl FnMut(Out<'_>, &T)) {
    short(out, u32::try_from(items.len()).expect("a list has less than 2³² items"));
    items.iter().for_each(|item| write(out, item));
}

pub(crate) fn option<T>(out: Out<'_>, item: Option<T>, write: impl FnOnce(Out<'_>, T)) {
    flag(out, item.is_some());
    if let Some(item) = item {
        write(out, item);
    }
}
