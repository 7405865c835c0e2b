use crate::call::{Layer, Reason};
#[cfg(test)]
use crate::layer_tests::Sample;
use crate::observe::{Count, Level};

/// A policy and the terms that it tells.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Its name, which is that of its module.
    pub name: &'static str,
    /// What scenario files call its layers, where that is not its name.
    pub(crate) files: Option<&'static [&'static str]>,
    /// Which of its layers may refuse a call, and why.
    pub reasons: &'static [(Layer, Reason)],
    /// What is counted of it besides.
    pub counts: &'static [Count],
    /// What it steers by.
    pub levels: &'static [Level],
    /// Its layers, as the tests of all layers try them.
    #[cfg(test)]
    pub(crate) samples: &'static [Sample],
}

impl Policy {
    /// One that tells nothing.
    pub(crate) const EMPTY: Self = Self {
        name: "",
        files: None,
        reasons: &[],
        counts: &[],
        levels: &[],
        #[cfg(test)]
        samples: &[],
    };

    /// What scenario files call its layers.
    pub fn files(&self) -> &[&'static str] {
        self.files.unwrap_or_else(|| std::slice::from_ref(&self.name))
    }
}
