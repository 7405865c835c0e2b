use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use cascadia_patterns::store::Commit;

/// Defects that are planted in the stores of sagas, so that it is seen that whoever looks for them finds them.
#[derive(Clone, Debug, Default)]
pub struct Spoils {
    /// In those of whoever does each command once.
    pub participants: Option<Spoil>,
    /// In those of orchestrators.
    pub orchestrators: Option<Spoil>,
}

/// What becomes of a commit on its way.
#[derive(Clone)]
pub struct Spoil(Arc<Change>);

type Change = dyn Fn(&mut Commit) + Send + Sync + UnwindSafe + RefUnwindSafe;

impl Spoil {
    /// One that changes commits so.
    pub fn new(
        change: impl Fn(&mut Commit) + Send + Sync + UnwindSafe + RefUnwindSafe + 'static,
    ) -> Self {
        Self(Arc::new(change))
    }

    pub(crate) fn change(of: Option<&Self>, commit: &mut Commit) {
        of.into_iter().for_each(|spoil| (spoil.0)(commit));
    }
}

impl fmt::Debug for Spoil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spoil")
    }
}
