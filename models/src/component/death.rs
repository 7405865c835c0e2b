//! How a life ends.

/// What dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// A process. Its machine resets the connections that it had and refuses others.
    Process,
    /// A machine. There is nobody to tell anything.
    Machine,
}

/// How often each is held down by faults.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held {
    processes: u32,
    machines: u32,
}

impl Held {
    /// One more fault holds it down, or one less.
    pub(crate) fn turn(&mut self, death: Death, begins: bool) {
        let held = match death {
            Death::Process => &mut self.processes,
            Death::Machine => &mut self.machines,
        };
        *held = if begins { *held + 1 } else { *held - 1 };
    }

    /// What is dead. Where the machine is, nothing else matters.
    pub(crate) fn dead(self) -> Option<Death> {
        match self {
            Self { machines: 1.., .. } => Some(Death::Machine),
            Self { processes: 1.., .. } => Some(Death::Process),
            Self { processes: 0, machines: 0 } => None,
        }
    }
}
