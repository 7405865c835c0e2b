use super::envelope::{Corrupt, open, seal};
use super::{message, read, write};
use crate::messaging::ids::Topic;
use crate::messaging::message::Message;

/// A message and where it is to go, at this place.
pub(in crate::messaging) fn encode_routed(place: u64, topic: &Topic, message: &Message) -> Vec<u8> {
    seal(place, |out| {
        write::text(out, topic.as_str());
        message::write(out, message);
    })
}

/// A message and where it is to go.
pub(in crate::messaging) fn decode_routed(
    place: u64,
    bytes: &[u8],
) -> Result<(Topic, Message), Corrupt> {
    let mut rest = open(place, bytes)?;
    let mut routed = || Some((read::text(&mut rest)?.into(), message::read(&mut rest)?));
    let routed = routed().ok_or(Corrupt::Damaged)?;
    if rest.is_empty() { Ok(routed) } else { Err(Corrupt::Damaged) }
}
