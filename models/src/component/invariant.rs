/// A law that every run must keep. A violation is a defect of the simulator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invariant {
    /// Its name.
    pub name: String,
    /// Whether the run kept it.
    pub passed: bool,
    /// What was compared.
    pub detail: String,
}
