use cascadia_runtime::Wall;

use super::read::{self, In};
use super::write::{self, Out};
use crate::messaging::bytes::Bytes;
use crate::messaging::message::Message;

pub(super) fn write(out: Out<'_>, message: &Message) {
    write::option(out, message.id.as_ref(), |out, id| write::text(out, id.as_str()));
    write::option(out, message.key.as_ref(), |out, key| write::bytes(out, key));
    let headers: Vec<_> = message.headers.iter().collect();
    write::list(out, &headers, |out, (name, value)| {
        write::text(out, name);
        write::bytes(out, value);
    });
    write::option(out, message.body.as_ref(), |out, body| write::bytes(out, body));
    write::option(out, message.expires, |out, at| write::long(out, at.as_nanos()));
}

pub(super) fn read(rest: In<'_, '_>) -> Option<Message> {
    let bytes = |rest: In<'_, '_>| read::bytes(rest).map(Bytes::from);
    Some(Message {
        id: read::option(rest, |rest| read::text(rest).map(Into::into))?,
        key: read::option(rest, bytes)?,
        headers: read::list(rest, |rest| {
            let name = read::text(rest)?.to_owned();
            Some((name, bytes(rest)?))
        })?
        .into_iter()
        .collect(),
        body: read::option(rest, bytes)?,
        expires: read::option(rest, |rest| read::long(rest).map(Wall::from_nanos))?,
    })
}
