/// Something that happened in a model, as the digest sees it.
///
/// The kernel knows no services; what the numbers mean is the model's business, as long as the
/// same happening always gives the same numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who.
    pub entity: u32,
    /// What.
    pub kind: u8,
    /// With what value.
    pub value: u64,
}
