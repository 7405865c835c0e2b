/// The defaults of a system, by where they stand in a file.
#[derive(Debug)]
pub(super) struct System {
    /// Its name, and the version that the defaults are of, unless one says otherwise.
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) broker: &'static [Row],
    pub(super) topic: &'static [Row],
    pub(super) publish: &'static [Row],
    pub(super) consume: &'static [Row],
    pub(super) differences: &'static [Difference],
}

/// A default.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) key: &'static str,
    /// As it is written in a file.
    pub(super) value: &'static str,
    /// What it is there, and what that is called.
    pub(super) from: &'static str,
}

pub(super) const fn row(key: &'static str, value: &'static str, from: &'static str) -> Row {
    Row { key, value, from }
}

/// What the system does otherwise, whatever is set.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) what: &'static str,
    pub(super) there: &'static str,
    pub(super) here: &'static str,
    /// The tests that show what is here, or nothing.
    pub(super) tests: &'static [&'static str],
}
