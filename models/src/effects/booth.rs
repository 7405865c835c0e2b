use std::sync::Arc;

use cascadia_patterns::store::Store;
use cascadia_patterns::two_phase::{Branches, Work};

use crate::ledgers::{Entry, LedgerId};

/// Where a service votes for what is done together.
pub(crate) struct Booth {
    /// The name of the sagas.
    pub(crate) saga: Arc<str>,
    pub(crate) branches: Branches,
    pub(crate) store: Arc<dyn Store>,
    /// Is told when somebody runs into a lock.
    pub(crate) locked: Box<dyn Fn() + Send + Sync>,
}

impl Booth {
    /// What the keys of rows begin with that say what was entered.
    pub(crate) const ENTERED: &[u8] = b"entered/";

    /// Has something entered if a branch commits.
    pub(crate) fn stage(work: &mut Work, step: &Arc<str>, entries: &[Entry]) {
        let entries = entries.iter().map(|(LedgerId(of), amount)| format!("{of} {amount}"));
        let entries: Vec<_> = entries.collect();
        let row = format!("{}\n{step}\n{}", work.ask.name, entries.join("\n"));
        let key = [Self::ENTERED, format!("{}/{step}", work.ask.transaction).as_bytes()].concat();
        work.put(key, row.into_bytes());
    }
}
