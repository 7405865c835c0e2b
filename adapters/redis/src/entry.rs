use cascadia_patterns::messaging::{Headers, Message, Offset, header};
use cascadia_runtime::Wall;

const BODY: &str = "body";
const TOMBSTONE: &str = "tombstone";
const KEY: &str = "key";
const ID: &str = "id";
const HEADER: &str = "h:";
/// Of a dead letter: its id in the stream that it was in.
const DEAD: &str = "dead";

/// A message as names and values: at least one, as an entry of a stream must have.
pub(crate) fn fields(message: &Message) -> Vec<(String, Vec<u8>)> {
    let body = message.body.as_ref().map_or((TOMBSTONE, Vec::new()), |body| (BODY, body.to_vec()));
    let key = message.key.as_ref().map(|key| (KEY, key.to_vec()));
    let id = message.id.as_ref().map(|id| (ID, id.as_str().as_bytes().to_vec()));
    let own = [Some(body), key, id].into_iter().flatten();
    let own = own.map(|(name, value)| (name.to_owned(), value));
    let headers = message.headers.iter();
    own.chain(headers.map(|(name, value)| (format!("{HEADER}{name}"), value.to_vec()))).collect()
}

/// The message of these names and values; what others have added is no matter.
pub(crate) fn message(fields: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) -> Message {
    let (mut message, mut headers) = (Message::default(), Vec::new());
    for (name, value) in fields {
        match String::from_utf8_lossy(&name).as_ref() {
            BODY => message.body = Some(value.into()),
            KEY => message.key = Some(value.into()),
            ID => message.id = Some(String::from_utf8_lossy(&value).as_ref().into()),
            DEAD => {
                let offset = offset(&String::from_utf8_lossy(&value));
                headers.push((header::DEAD_OFFSET.to_owned(), offset.to_string().into_bytes()));
            }
            name => {
                headers.extend(name.strip_prefix(HEADER).map(|name| (name.to_owned(), value)));
            }
        }
    }
    message.headers = Headers::from_iter(headers);
    message
}

/// A stream counts within a millisecond; of more than a million there, the offsets would repeat.
const SEQUENCE_BITS: u32 = 20;

fn parts(id: &str) -> (u64, u64) {
    let (millis, sequence) = id.split_once('-').unwrap_or((id, "0"));
    (millis.parse().unwrap_or(0), sequence.parse().unwrap_or(0))
}

/// The place of an id, in whose order the ids are.
pub(crate) fn offset(id: &str) -> Offset {
    let (millis, sequence) = parts(id);
    Offset(millis << SEQUENCE_BITS | sequence)
}

/// When the server gave it out.
pub(crate) fn published(id: &str) -> Wall {
    Wall::from_nanos(parts(id).0.saturating_mul(1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_in_the_order_of_the_ids() {
        let ids = ["0-1", "5-0", "5-1", "1700000000000-9", "1700000000001-0"];
        assert!(ids.map(offset).is_sorted());
    }
}
