/// How sagas stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) started: u64,
    pub(crate) running: u64,
    pub(crate) compensating: u64,
    pub(crate) completed: u64,
    pub(crate) compensated: u64,
    pub(crate) stuck: u64,
    pub(crate) orphans: u64,
}

impl Tally {
    /// The same, when a part of it has become another one.
    pub(super) fn moved(self, before: Self, after: Self) -> Self {
        let moved = |of: fn(&Self) -> u64| of(&self) - of(&before) + of(&after);
        Self {
            started: moved(|it| it.started),
            running: moved(|it| it.running),
            compensating: moved(|it| it.compensating),
            completed: moved(|it| it.completed),
            compensated: moved(|it| it.compensated),
            stuck: moved(|it| it.stuck),
            orphans: moved(|it| it.orphans),
        }
    }
}
