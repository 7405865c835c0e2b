use std::sync::Arc;

use super::Exchange;

/// A request on the wire, or what belongs to it, to who looks on.
pub(crate) struct Letter {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) kind: LetterKind,
    /// What an answer says, in a word.
    pub(crate) word: &'static str,
}

/// What a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LetterKind {
    Request,
    Answer,
    /// Its caller has gone, or its work has begun.
    Other,
}
