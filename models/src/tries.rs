/// Is told how long a request may come, so that it knows when it need not be known any more.
pub trait Tries: Send + Sync {
    /// A request is sent, with this key in all its tries.
    fn begins(&self, key: u64);

    /// No try of it is left anywhere, and none will be made.
    fn over(&self, key: u64);
}
