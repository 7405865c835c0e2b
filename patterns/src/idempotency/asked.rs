use std::sync::Arc;

/// What a request is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose key it is, and of what: a tenant and a route. The same key in another scope is another one.
    pub scope: Arc<str>,
    /// What the caller has sent as its key.
    pub key: Arc<str>,
    /// What the caller asks for. A second request of the key must ask for the same.
    pub fingerprint: u64,
}

/// A fingerprint of bytes, such as a method, a path and a body: FNV-1a, 64 bits. It tells mistakes apart and not attacks, for
/// which a caller would have to attack its own keys.
///
/// ```
/// use cascadia_patterns::idempotency::fingerprint;
///
/// assert_ne!(fingerprint([b"POST".as_slice(), b"1 book"]), fingerprint([b"POST".as_slice(), b"2 books"]));
/// assert_ne!(fingerprint([b"ab".as_slice(), b"c"]), fingerprint([b"a".as_slice(), b"bc"]));
/// ```
pub fn fingerprint<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    parts.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, part| {
        let length = (part.len() as u64).to_le_bytes();
        length.iter().chain(part).fold(hash, |hash, byte| step(hash, *byte))
    })
}
