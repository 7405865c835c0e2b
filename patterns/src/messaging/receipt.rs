use super::ids::Offset;

/// That a batch was accepted, and what became of its messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Where the first of its messages is; none where nobody waited for that, or none was kept. Of a
    /// batch that was there already, where it is.
    pub first: Option<Offset>,
    /// Messages that are in the partition now and were not before.
    pub added: u32,
    /// Messages that were there already.
    pub duplicates: u32,
    /// Messages that did not fit a full topic whose rule is to drop what is new. Where it has a
    /// dead letter topic, they are there.
    pub dropped: u32,
}
