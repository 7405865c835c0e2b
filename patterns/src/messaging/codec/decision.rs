use super::envelope::{Corrupt, open, seal};
use super::identity::{read_identity, write_identity};
use super::read::{self, In};
use super::write::{self, Out};
use crate::messaging::delivery::Source;
use crate::messaging::identity::ProducerIdentity;
use crate::messaging::ids::{Offset, Partition};
use crate::messaging::transaction::Decision;

/// A decision as bytes.
pub(in crate::messaging) fn encode_decision(decision: &Decision) -> Vec<u8> {
    seal(0, |out| {
        write_identity(out, decision.producer);
        write::flag(out, decision.commit);
        let partitions: Vec<_> = decision.partitions.iter().collect();
        write::list(out, &partitions, |out, partition| write_partition(out, partition));
        let acks: Vec<_> = decision.acks.iter().collect();
        write::list(out, &acks, |out, (source, offsets)| {
            write_partition(out, &source.partition);
            write::text(out, source.group.as_str());
            write::list(out, offsets, |out, offset| write::long(out, offset.0));
        });
    })
}

/// The decision that was written so.
pub(in crate::messaging) fn decode_decision(bytes: &[u8]) -> Result<Decision, Corrupt> {
    let mut rest = open(0, bytes)?;
    read_decision(&mut rest).filter(|_| rest.is_empty()).ok_or(Corrupt::Damaged)
}

/// The identity of a producer as bytes.
pub(in crate::messaging) fn encode_identity(producer: ProducerIdentity) -> Vec<u8> {
    seal(0, |out| write_identity(out, producer))
}

/// The identity that was written so.
pub(in crate::messaging) fn decode_identity(bytes: &[u8]) -> Result<ProducerIdentity, Corrupt> {
    let mut rest = open(0, bytes)?;
    read_identity(&mut rest).filter(|_| rest.is_empty()).ok_or(Corrupt::Damaged)
}

fn read_decision(rest: In<'_, '_>) -> Option<Decision> {
    Some(Decision {
        producer: read_identity(rest)?,
        commit: read::flag(rest)?,
        partitions: read::list(rest, read_partition)?.into_iter().collect(),
        acks: read::list(rest, |rest| {
            let partition = read_partition(rest)?;
            let source = Source { partition, group: read::text(rest)?.into() };
            Some((source, read::list(rest, |rest| read::long(rest).map(Offset))?))
        })?
        .into_iter()
        .collect(),
    })
}

fn write_partition(out: Out<'_>, partition: &Partition) {
    write::text(out, partition.topic.as_str());
    write::short(out, partition.number);
}

fn read_partition(rest: In<'_, '_>) -> Option<Partition> {
    Some(Partition { topic: read::text(rest)?.into(), number: read::short(rest)? })
}
