//! What has become of every message, as somebody sees it who looks at all places at once.
//!
//! A broker knows what it has, a publisher what it was told, a consumer what it did. None of them can know
//! that a message was lost. The witness is told by all of them, and asks one thing besides: whether a copy of
//! the message is left anywhere, in a buffer, on a link, in a log or in somebody's hands. A message that a group
//! has not done, and that it will not be given, is lost when there is none.

mod fates;
mod figures;
mod firsts;
mod group;
mod messages;
mod named;
mod open;
mod topic;
mod watched;

pub(super) use self::fates::Witness;
pub(crate) use self::figures::LAG;
pub(super) use self::figures::{ROWS, figures};
pub(super) use self::open::Closed;
