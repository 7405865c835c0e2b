use super::read::{self, In};
use super::write::{self, Out};
use crate::messaging::identity::ProducerIdentity;

pub(super) fn write_identity(out: Out<'_>, producer: ProducerIdentity) {
    write::long(out, producer.id);
    write::short(out, producer.epoch);
}

pub(super) fn read_identity(rest: In<'_, '_>) -> Option<ProducerIdentity> {
    Some(ProducerIdentity { id: read::long(rest)?, epoch: read::short(rest)? })
}
