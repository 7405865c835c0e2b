/// What else may happen to a broker in a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// Its connections are cut.
    Cut,
    /// It stands still for a while.
    Pause,
    /// It is killed and started again on what it has left behind.
    Kill,
}
