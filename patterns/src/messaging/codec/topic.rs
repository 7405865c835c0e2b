use super::envelope::{Corrupt, open, seal};
use super::read::{self, In};
use super::write;
use crate::messaging::topic::{Keep, Overflow, TopicSettings};

const KEEP: [Keep; 3] = [Keep::Log, Keep::Unsettled, Keep::LastOfKey];
const OVERFLOW: [Overflow; 3] = [Overflow::Reject, Overflow::DropHead, Overflow::DropNew];

/// The settings of a topic as bytes.
pub(in crate::messaging) fn encode_topic(settings: &TopicSettings) -> Vec<u8> {
    seal(0, |out| {
        let place = |of: usize| u8::try_from(of).unwrap_or(u8::MAX);
        let keep = KEEP.iter().position(|keep| *keep == settings.keep);
        let overflow = OVERFLOW.iter().position(|overflow| *overflow == settings.overflow);
        write::short(out, settings.partitions);
        write::byte(out, place(keep.unwrap_or_default()));
        write::option(out, settings.retain_for, write::duration);
        write::option(out, settings.retain_bytes, write::long);
        write::option(out, settings.time_to_live, write::duration);
        write::duration(out, settings.dedupe);
        write::option(out, settings.bound, write::long);
        write::byte(out, place(overflow.unwrap_or_default()));
        let dead_letter = settings.dead_letter.as_ref();
        write::option(out, dead_letter, |out, topic| write::text(out, topic.as_str()));
        write::flag(out, settings.keep_last);
    })
}

/// The settings that were written so.
pub(in crate::messaging) fn decode_topic(bytes: &[u8]) -> Result<TopicSettings, Corrupt> {
    let mut rest = open(0, bytes)?;
    read_topic(&mut rest).filter(|_| rest.is_empty()).ok_or(Corrupt::Damaged)
}

fn read_topic(rest: In<'_, '_>) -> Option<TopicSettings> {
    Some(TopicSettings {
        partitions: read::short(rest)?,
        keep: *KEEP.get(usize::from(read::byte(rest)?))?,
        retain_for: read::option(rest, read::duration)?,
        retain_bytes: read::option(rest, read::long)?,
        time_to_live: read::option(rest, read::duration)?,
        dedupe: read::duration(rest)?,
        bound: read::option(rest, read::long)?,
        overflow: *OVERFLOW.get(usize::from(read::byte(rest)?))?,
        dead_letter: read::option(rest, |rest| read::text(rest).map(Into::into))?,
        keep_last: read::flag(rest)?,
    })
}
