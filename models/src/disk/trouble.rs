/// What is wrong with a disk while a fault lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// Everything takes so many times as long, which has begun meanwhile.
    Slow(f64),
    /// It holds no more than it does when this begins.
    Full,
    /// When this begins, the last sector of one of its files is spoilt, for good.
    Corrupt,
}
