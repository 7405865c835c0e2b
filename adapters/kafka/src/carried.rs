use cascadia_brokers::invalid;
use cascadia_patterns::messaging::{BrokerError, Headers, Message};
use rdkafka::Message as _;
use rdkafka::message::{BorrowedMessage, Header, Headers as _, OwnedHeaders};

const ID: &str = "cascadia-id";
/// What headers begin with that are ours.
const RESERVED: &str = "cascadia-";

/// What of a message is neither its key nor its body.
pub(crate) fn headers(message: &Message) -> Result<OwnedHeaders, BrokerError> {
    let mut all = OwnedHeaders::new_with_capacity(message.headers.iter().count() + 1);
    if let Some(id) = &message.id {
        all = all.insert(Header { key: ID, value: Some(id.as_str()) });
    }
    for (key, value) in message.headers.iter() {
        if key.starts_with(RESERVED) {
            return Err(invalid("headers", "must not begin with cascadia-"));
        }
        all = all.insert(Header { key, value: Some(&**value) });
    }
    Ok(all)
}

/// The message as it was published.
pub(crate) fn message(received: &BorrowedMessage<'_>) -> Message {
    let (key, body) = (received.key().map(Into::into), received.payload().map(Into::into));
    let Some(headers) = received.headers() else {
        return Message { key, body, ..Message::default() };
    };
    let id = headers.iter().find(|header| header.key == ID).and_then(|header| header.value);
    let own = headers.iter().filter(|header| !header.key.starts_with(RESERVED));
    Message {
        id: id.map(|id| String::from_utf8_lossy(id).as_ref().into()),
        key,
        headers: Headers::from_iter(own.filter_map(|it| Some((it.key, it.value?)))),
        body,
        expires: None,
    }
}
