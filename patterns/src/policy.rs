use crate::call::{Layer, Reason};
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
}

impl Policy {
    /// One that tells nothing.
    pub(crate) const EMPTY: Self =
        Self { name: "", files: None, reasons: &[], counts: &[], levels: &[] };

    /// What scenario files call its layers.
    pub fn files(&self) -> &[&'static str] {
        self.files.unwrap_or_else(|| std::slice::from_ref(&self.name))
    }
}

/// Gathers what the modules of policies say of themselves.
macro_rules! policies {
    ($($policy:ident)+) => {
        /// Every policy there is, with the terms that it tells.
        ///
        /// Tests, tables, measurements and generated scenarios go through this list.
        pub const POLICIES: &[&Policy] = &[$(&$policy::POLICY),+];

        /// The layers of every policy, ready to be tried in a world.
        pub fn samples<R: cascadia_runtime::Runtime>() -> Vec<(&'static Policy, Vec<sample::Sample<R>>)> {
            vec![$((&$policy::POLICY, $policy::samples())),+]
        }
    };
}

pub(crate) use policies;
