use std::sync::Arc;

use crate::saga::direction::Direction;
use crate::saga::ids::SagaId;
use crate::saga::key::joined;
use crate::store::{Key, Range};

/// The keys of a participant.
#[derive(Clone, Debug)]
pub(super) struct Rows(pub(super) Arc<[u8]>);

impl Rows {
    /// What has become of a command. The lengths come first, so that no two names are one key.
    pub(super) fn of(&self, saga: &SagaId, step: &str, direction: Direction) -> Key {
        let direction = match direction {
            Direction::Do => b'd',
            Direction::Undo => b'u',
            Direction::Release => b'r',
        };
        self.under(b"cmd/", saga, [&length(step), step.as_bytes(), &[direction]])
    }

    /// The latest epoch of a saga that was heard of.
    pub(super) fn fence(&self, saga: &SagaId) -> Key {
        self.under(b"cmd/", saga, [])
    }

    /// What has become of all commands of a saga, behind its latest epoch.
    pub(super) fn all_of(&self, saga: &SagaId) -> Range {
        Range::prefix(self.fence(saga))
    }

    /// What a step of a saga has locked: its rows name the targets.
    pub(super) fn held(&self, saga: &SagaId, step: &str) -> Range {
        Range::prefix(self.under(b"held/", saga, [&length(step), step.as_bytes()]))
    }

    /// What all steps of a saga have locked.
    pub(super) fn held_by(&self, saga: &SagaId) -> Range {
        Range::prefix(self.under(b"held/", saga, []))
    }

    pub(super) fn held_of(&self, saga: &SagaId, step: &str, target: &str) -> Key {
        self.under(b"held/", saga, [&length(step), step.as_bytes(), target.as_bytes()])
    }

    /// Who has locked a target.
    pub(super) fn lock(&self, target: &str) -> Key {
        self.at(b"lock/", target, [])
    }

    /// What is locked under a key, if it is that of a lock.
    pub(super) fn target_of(&self, key: &[u8]) -> Option<String> {
        let key = key.strip_prefix(&self.0[..])?.strip_prefix(b"lock/")?;
        key.get(4..).map(|target| String::from_utf8_lossy(target).into_owned())
    }

    /// Who waits for a target, in the order in which they came.
    pub(super) fn line(&self, target: &str) -> Range {
        Range::prefix(self.at(b"line/", target, []))
    }

    pub(super) fn line_of(&self, target: &str, place: u64) -> Key {
        self.at(b"line/", target, [&place.to_be_bytes()])
    }

    #[inline]
    fn under<const N: usize>(&self, kind: &[u8], saga: &SagaId, rest: [&[u8]; N]) -> Key {
        self.at(kind, saga.as_str(), rest)
    }

    /// A key of a kind and a name, behind which comes the rest.
    #[inline]
    fn at<const N: usize>(&self, kind: &[u8], name: &str, rest: [&[u8]; N]) -> Key {
        joined([&self.0, kind, &length(name), name.as_bytes()], rest)
    }
}

fn length(text: &str) -> [u8; 4] {
    (text.len() as u32).to_be_bytes()
}
