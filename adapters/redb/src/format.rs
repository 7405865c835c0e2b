//! What stands in the tables.

use cascadia_patterns::store::{Key, Revision, StoreError, Value, Writes};

/// The sum of a row or a change, over its key, its revision and what it holds: FNV-1a, which sees any byte that is
/// another one. redb has sums of its own, and looks at them when it opens a file, but not when it reads
/// a page later.
fn sum(parts: [&[u8]; 3]) -> [u8; 8] {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let bytes = parts.into_iter().flatten();
    bytes.fold(BASIS, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(PRIME)).to_le_bytes()
}

/// A value with its revision and a sum.
pub(crate) fn encode_row(key: &[u8], revision: Revision, value: &[u8]) -> Vec<u8> {
    let revision = revision.get().to_le_bytes();
    [&revision[..], &sum([key, &revision, value]), value].concat()
}

pub(crate) fn decode_row(key: &[u8], held: &[u8]) -> Result<(Revision, Value), StoreError> {
    let spoilt = || StoreError::Corrupt(format!("the row {} is not what was written", shown(key)));
    let (revision, rest) = held.split_first_chunk::<8>().ok_or_else(spoilt)?;
    let (stored, value) = rest.split_first_chunk::<8>().ok_or_else(spoilt)?;
    match *stored == sum([key, revision, value]) {
        true => Ok((Revision::new(u64::from_le_bytes(*revision)), value.to_vec())),
        false => Err(spoilt()),
    }
}

fn shown(key: &[u8]) -> String {
    key.escape_ascii().to_string()
}

/// The writes of a commit, each as two lengths and two strings, and a sum before them.
pub(crate) fn encode_change(revision: Revision, writes: &Writes) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (key, write) in writes {
        push(&mut bytes, Some(key));
        push(&mut bytes, write.as_ref());
    }
    [&sum([&[], &revision.get().to_le_bytes(), &bytes])[..], &bytes].concat()
}

/// A length above all others stands for nothing.
fn push(bytes: &mut Vec<u8>, part: Option<&Vec<u8>>) {
    let length = part.map_or(u32::MAX, |part| part.len() as u32);
    bytes.extend(length.to_le_bytes());
    bytes.extend(part.into_iter().flatten());
}

pub(crate) fn decode_change(revision: Revision, held: &[u8]) -> Result<Writes, StoreError> {
    let spoilt = || StoreError::Corrupt(format!("the change {revision} is not what was written"));
    let (stored, bytes) = held.split_first_chunk::<8>().ok_or_else(spoilt)?;
    if *stored != sum([&[], &revision.get().to_le_bytes(), bytes]) {
        return Err(spoilt());
    }
    let (mut rest, mut writes) = (bytes, Writes::new());
    while !rest.is_empty() {
        let key: Key = pull(&mut rest).flatten().ok_or_else(spoilt)?;
        writes.insert(key, pull(&mut rest).ok_or_else(spoilt)?);
    }
    Ok(writes)
}

fn pull(rest: &mut &[u8]) -> Option<Option<Vec<u8>>> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    match u32::from_le_bytes(*length) {
        u32::MAX => Some(None),
        length => {
            let (part, after) = rest.split_at_checked(length as usize)?;
            *rest = after;
            Some(Some(part.to_vec()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_and_no_byte_of_it_may_be_another() {
        let at = Revision::new(7);
        let row = encode_row(b"key", at, b"value");
        assert_eq!(decode_row(b"key", &row), Ok((at, b"value".to_vec())));
        let writes = Writes::from([(b"a".to_vec(), Some(b"1".to_vec())), (Vec::new(), None)]);
        let change = encode_change(at, &writes);
        assert_eq!(decode_change(at, &change), Ok(writes));
        assert!(decode_row(b"kez", &row).is_err() && decode_change(at.next(), &change).is_err());
        for bytes in [&row, &change] {
            for spoilt in 0..bytes.len() {
                let mut bytes = bytes.clone();
                bytes[spoilt] ^= 0x10;
                assert!(decode_row(b"key", &bytes).is_err() && decode_change(at, &bytes).is_err());
            }
            for end in 0..bytes.len() {
                assert!(decode_row(b"key", &bytes[..end]).is_err());
                assert!(decode_change(at, &bytes[..end]).is_err());
            }
        }
    }
}
