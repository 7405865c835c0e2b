use cascadia_patterns::messaging::Message;

use crate::entry::{fields, message};

/// What a message begins with that has more than a body. No text does.
const MARK: &[u8] = &[0xff, 0xca, 0x5c];

/// A message as bytes: its body where that is all of it, so that others can read it.
pub(crate) fn pack(message: &Message) -> Vec<u8> {
    let is_bare = message.key.is_none() && message.id.is_none() && message.headers.size() == 0;
    if let Some(body) = message.body.as_ref().filter(|body| is_bare && !body.starts_with(MARK)) {
        return body.to_vec();
    }
    let mut bytes = MARK.to_vec();
    for (name, value) in fields(message) {
        for part in [name.as_bytes(), &value] {
            bytes.extend((part.len() as u32).to_le_bytes());
            bytes.extend(part);
        }
    }
    bytes
}

/// The message of these bytes, which others may have sent.
pub(crate) fn unpack(bytes: &[u8]) -> Message {
    let parts = bytes.strip_prefix(MARK).and_then(parts);
    parts.map_or_else(|| Message::new(bytes), message)
}

fn parts(mut bytes: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let (name, rest) = part(bytes)?;
        let (value, rest) = part(rest)?;
        all.push((name.to_vec(), value.to_vec()));
        bytes = rest;
    }
    Some(all)
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_and_a_body_is_itself() {
        let all = Message::new("body").id("7").key([0, 255]).header("tenant", "ann");
        let odd = Message::new([MARK, b"text"].concat());
        for message in [all, odd, Message::tombstone("key"), Message::new("")] {
            assert_eq!(unpack(&pack(&message)), message);
        }
        assert_eq!(pack(&Message::new("body")), b"body");
        assert_eq!(unpack(MARK), Message::default());
        assert_eq!(unpack(&[MARK, &[9]].concat()), Message::new([MARK, &[9]].concat()));
    }
}
