use crate::decode::object;

object! {
    /// A quantity that is conserved, such as stock or money: what steps enter is all that changes it.
    pub(crate) struct Ledger {
        /// How much of it there is at first.
        start: u32 = 0,
    }
}
