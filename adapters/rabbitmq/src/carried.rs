use cascadia_brokers::invalid;
use cascadia_patterns::messaging::{BrokerError, Headers, Message, header};
use cascadia_runtime::Wall;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, LongString, ShortString};

const KEY: &str = "cascadia-key";
const TOMBSTONE: &str = "cascadia-tombstone";
/// When it is worthless, in nanoseconds since 1970.
const EXPIRES: &str = "cascadia-expires";
/// What headers begin with that are the server's or ours.
const RESERVED: [&str; 2] = ["x-", "cascadia-"];
/// Of a message, how often it was delivered before, where it was.
const COUNT: &str = "x-delivery-count";
/// What the server says of a dead letter, and what that is called here.
const DEATH: [(&str, &str); 2] =
    [("x-first-death-exchange", header::DEAD_TOPIC), ("x-first-death-reason", header::DEAD_REASON)];
/// The server writes it to its disk.
const PERSISTENT: u8 = 2;
/// It does not have to.
const TRANSIENT: u8 = 1;

/// How long a message lives yet, as the server is told it: in whole milliseconds, and 49 days at most. What would live longer
/// is left to whoever gets it.
fn life(expires: Wall, now: Wall) -> Option<ShortString> {
    let millis = expires.since(now).as_nanos().div_ceil(1_000_000);
    u32::try_from(millis).ok().map(|millis| ShortString::from(millis.to_string()))
}

/// What of a message is not its body.
pub(crate) fn properties(
    message: &Message,
    durable: bool,
    now: Wall,
) -> Result<BasicProperties, BrokerError> {
    let mut table = FieldTable::default();
    let mut add = |name: &str, value: &[u8]| {
        let name = ShortString::try_new(name);
        let name = name.map_err(|_| invalid("headers", "must have names of at most 255 bytes"))?;
        table.insert(name, AMQPValue::LongString(LongString::from(value.to_vec())));
        Ok::<_, BrokerError>(())
    };
    if let Some(key) = &message.key {
        add(KEY, key)?;
    }
    if message.body.is_none() {
        add(TOMBSTONE, b"1")?;
    }
    if let Some(expires) = message.expires {
        add(EXPIRES, expires.as_nanos().to_string().as_bytes())?;
    }
    for (name, value) in message.headers.iter() {
        if RESERVED.iter().any(|reserved| name.starts_with(reserved)) {
            return Err(invalid("headers", "must not begin with x- or cascadia-"));
        }
        add(name, value)?;
    }
    let mode = if durable { PERSISTENT } else { TRANSIENT };
    let mut properties = BasicProperties::default().with_delivery_mode(mode);
    if !table.inner().is_empty() {
        properties = properties.with_headers(table);
    }
    if let Some(life) = message.expires.and_then(|expires| life(expires, now)) {
        properties = properties.with_expiration(life);
    }
    let Some(id) = &message.id else { return Ok(properties) };
    let id = ShortString::try_new(id.as_str());
    Ok(properties.with_message_id(id.map_err(|_| invalid("id", "must be at most 255 bytes"))?))
}

fn bytes(value: &AMQPValue) -> Option<Vec<u8>> {
    match value {
        AMQPValue::LongString(text) => Some(text.as_bytes().to_vec()),
        AMQPValue::ShortString(text) => Some(text.as_str().as_bytes().to_vec()),
        _ => None,
    }
}

/// The message that came with these properties, and which delivery of it this is.
pub(crate) fn message(data: &[u8], properties: &BasicProperties, prefix: &str) -> (Message, u32) {
    let none = FieldTable::default();
    let table = properties.headers().as_ref().unwrap_or(&none).inner();
    let own = table.iter().filter_map(|(name, value)| {
        let is_own = !RESERVED.iter().any(|reserved| name.as_str().starts_with(reserved));
        Some((name.as_str(), bytes(value).filter(|_| is_own)?))
    });
    let told = DEATH.iter().filter_map(|(theirs, ours)| {
        let value = bytes(table.get(*theirs)?)?;
        let plain = value.strip_prefix(prefix.as_bytes());
        Some((*ours, plain.unwrap_or(&value).to_vec()))
    });
    // A letter has no end, whatever its message had.
    let is_letter = DEATH.iter().any(|(theirs, _)| table.contains_key(*theirs));
    let expires = table.get(EXPIRES).and_then(bytes).filter(|_| !is_letter);
    let expires = expires.and_then(|nanos| std::str::from_utf8(&nanos).ok()?.parse().ok());
    let message = Message {
        id: properties.message_id().as_ref().map(|id| id.as_str().into()),
        key: table.get(KEY).and_then(bytes).map(Into::into),
        headers: Headers::from_iter(own.chain(told)),
        body: (!table.contains_key(TOMBSTONE)).then(|| data.into()),
        expires: expires.map(Wall::from_nanos),
    };
    let before = match table.get(COUNT) {
        Some(AMQPValue::LongLongInt(count)) => u32::try_from(*count).unwrap_or(u32::MAX),
        Some(AMQPValue::LongInt(count)) => u32::try_from(*count).unwrap_or(0),
        Some(AMQPValue::ShortShortInt(count)) => u32::try_from(*count).unwrap_or(0),
        Some(AMQPValue::ShortShortUInt(count)) => u32::from(*count),
        Some(AMQPValue::ShortInt(count)) => u32::try_from(*count).unwrap_or(0),
        _ => 0,
    };
    (message, before.saturating_add(1))
}
