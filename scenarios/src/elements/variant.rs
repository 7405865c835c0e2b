use std::collections::BTreeMap;

use crate::decode::{Anything, object, words};

object! {
    /// The scenario with something changed.
    pub(crate) struct Variant {
        /// Whether its checks are meant to pass.
        expect: Expect = Expect::Pass,
        /// Paths and their new values; null removes.
        _set as "set": BTreeMap<String, Anything> => "nothing is changed",
    }
}

/// What a variant is meant to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    Pass,
    Fail,
}

words! {
    /// What a variant is meant to show.
    "Expect" for Expect {
        /// That its checks pass.
        pass => Expect::Pass,
        /// That they fail.
        fail => Expect::Fail,
    }
}
