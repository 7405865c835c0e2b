use std::str::FromStr;

use async_nats::header::NATS_MESSAGE_ID;
use async_nats::jetstream::message::PublishMessage;
use async_nats::{HeaderMap, HeaderName};
use cascadia_brokers::invalid;
use cascadia_patterns::messaging::{BrokerError, Headers, Message};

const KEY: &str = "Cascadia-Key";
const TOMBSTONE: &str = "Cascadia-Tombstone";
/// What headers begin with that are the server's or ours.
const RESERVED: [&str; 2] = ["Nats-", "Cascadia-"];

/// A message as the client has it.
pub(crate) fn to_publish(message: &Message) -> Result<PublishMessage, BrokerError> {
    let all = PublishMessage::build().payload(message.bytes().to_vec().into());
    Ok(match headers(message)? {
        headers if headers.is_empty() => all,
        headers => all.headers(headers),
    })
}

/// What of a message is not its body.
fn headers(message: &Message) -> Result<HeaderMap, BrokerError> {
    let mut headers = HeaderMap::new();
    if let Some(id) = &message.id {
        headers.insert(NATS_MESSAGE_ID, escape(id.as_str().as_bytes()).as_str());
    }
    if let Some(key) = &message.key {
        headers.insert(KEY, escape(key).as_str());
    }
    if message.body.is_none() {
        headers.insert(TOMBSTONE, "1");
    }
    for (name, value) in message.headers.iter() {
        let known = HeaderName::from_str(name).ok();
        let known = known.filter(|_| !RESERVED.iter().any(|reserved| name.starts_with(reserved)));
        let name = known.ok_or(invalid("headers", "must have names that NATS takes"))?;
        headers.insert(name, escape(value).as_str());
    }
    Ok(headers)
}

/// The message that came with these headers. Its own ones are in the order of their names, as the client has none.
pub(crate) fn message(payload: &[u8], headers: Option<&HeaderMap>) -> Message {
    let Some(headers) = headers else { return Message::new(payload) };
    let text = |name: &str| headers.get(name).map(|value| unescape(value.as_str()));
    let id = headers.get(NATS_MESSAGE_ID).map(|value| unescape(value.as_str()));
    let mut own: Vec<_> = headers
        .iter()
        .map(|(name, values)| (name.to_string(), values))
        .filter(|(name, _)| !RESERVED.iter().any(|reserved| name.starts_with(reserved)))
        .filter_map(|(name, values)| Some((name, unescape(values.last()?.as_str()))))
        .collect();
    own.sort();
    Message {
        id: id.map(|id| String::from_utf8_lossy(&id).as_ref().into()),
        key: text(KEY).map(Into::into),
        headers: Headers::from_iter(own),
        body: headers.get(TOMBSTONE).is_none().then(|| payload.into()),
        expires: None,
    }
}

/// As text on one line, which is all that a header can be. What is such text is itself, but for `%`.
fn escape(bytes: &[u8]) -> String {
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'%';
    let is_edge = |place: usize| place == 0 || place + 1 == bytes.len();
    let one = |(place, byte): (usize, &u8)| match *byte {
        b' ' if is_edge(place) => "%20".to_owned(),
        byte if is_plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    bytes.iter().enumerate().map(one).collect()
}

fn unescape(text: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, others)) = rest.split_first() {
        let escaped = others.get(..2).filter(|_| *first == b'%');
        let escaped = escaped.and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &others[2..] } else { others };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_is_one_line_and_comes_back() {
        for bytes in [&b"ann"[..], b"", b" a b ", b"100%", b"\r\n\0\xff", "\u{e9}".as_bytes()] {
            let escaped = escape(bytes);
            assert!(escaped.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{escaped}");
            assert_eq!(unescape(&escaped), bytes);
        }
        assert_eq!(escape(b"ann"), "ann");
        assert_eq!(unescape("100%"), b"100%");
    }

    #[test]
    fn a_header_that_is_the_servers_is_refused() {
        let message = Message::new("one").header("Nats-Rollup", "all");
        assert!(headers(&message).is_err());
    }
}
