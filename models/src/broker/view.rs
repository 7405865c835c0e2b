use std::collections::BTreeMap;

/// Who leads what, as somebody knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    /// How much of the controller's log that comes of.
    pub(super) version: u64,
    /// Who leads each partition that several keep; nobody where that is not decided.
    pub(super) leaders: BTreeMap<(usize, u32), Option<usize>>,
    /// Who keeps groups together instead of each place.
    pub(super) coordinators: Vec<usize>,
}
