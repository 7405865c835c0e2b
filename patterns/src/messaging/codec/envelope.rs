use std::fmt;

/// How this version writes.
pub const VERSION: u8 = 1;

const HEAD: usize = 5;

/// Room for most of what is sealed.
const USUAL: usize = 64;

/// What was read is not what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corrupt {
    /// It is damaged.
    Damaged,
    /// A version has written it that this one does not know.
    Version(u8),
}

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => f.write_str("an entry is damaged"),
            Self::Version(version) => write!(f, "an entry is of the unknown version {version}"),
        }
    }
}

impl std::error::Error for Corrupt {}

/// Bytes that are known to be whole, and at their place.
pub(crate) fn seal(place: u64, write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(USUAL);
    bytes.resize(HEAD, 0);
    write(&mut bytes);
    bytes[0] = VERSION;
    let sum = checksum(place, VERSION, &bytes[HEAD..]);
    bytes[1..HEAD].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// The content of what was sealed.
pub(crate) fn open(place: u64, bytes: &[u8]) -> Result<&[u8], Corrupt> {
    let (head, content) = bytes.split_first_chunk::<HEAD>().ok_or(Corrupt::Damaged)?;
    let [version, sum @ ..] = *head;
    if checksum(place, version, content) != u32::from_le_bytes(sum) {
        return Err(Corrupt::Damaged);
    }
    if version == VERSION { Ok(content) } else { Err(Corrupt::Version(version)) }
}

fn checksum(place: u64, version: u8, content: &[u8]) -> u32 {
    let mut head = [version; 9];
    head[..8].copy_from_slice(&place.to_le_bytes());
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&head);
    hasher.update(content);
    hasher.finalize()
}
