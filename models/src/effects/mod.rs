//! What sagas have done, as nobody in the world can know it: every effect, in the order in which they came about, and
//! how each saga has ended. From that it follows which ones are wrong.

mod booth;
mod branch;
mod errand;
mod keeper;
mod locks;
mod tale;
mod tally;
mod under_way;
mod witness;
mod work;

pub(crate) use self::booth::Booth;
pub(crate) use self::branch::{Branch, Said, Word};
pub(crate) use self::errand::Errand;
pub(crate) use self::keeper::Keeper;
pub(crate) use self::locks::Locks;
pub(crate) use self::tally::Tally;
pub(crate) use self::under_way::UnderWay;
pub(crate) use self::witness::{Broken, Deed, Holdings, Trouble, Witness};
pub(crate) use self::work::Work;
