use std::collections::VecDeque;
use std::sync::Arc;

use super::commit::Change;
use super::contract::Store;
use super::error::StoreError;
use super::range::Range;
use super::row::Revision;

/// Follows what is written to a range.
///
/// Whoever keeps a copy of some rows reads them, and watches from the revision of what was read: nothing
/// falls between the two. A watch that has failed goes on where it was when it is asked again, unless the changes
/// are [`Compacted`](StoreError::Compacted).
#[derive(Debug)]
pub struct Watch {
    store: Arc<dyn Store>,
    range: Range,
    after: Revision,
    ahead: VecDeque<Change>,
}

impl Watch {
    /// Follows what happens to a range after a state.
    pub fn new(store: &Arc<dyn Store>, range: Range, after: Revision) -> Self {
        Self { store: Arc::clone(store), range, after, ahead: VecDeque::new() }
    }

    /// Waits for the next commit that wrote to the range, with what it wrote there. Dropping the future loses
    /// nothing.
    ///
    /// # Errors
    ///
    /// As for [`Store::changes`].
    pub async fn next(&mut self) -> Result<Change, StoreError> {
        loop {
            while let Some(mut change) = self.ahead.pop_front() {
                self.after = change.revision;
                change.writes.retain(|key, _| self.range.contains(key));
                if !change.writes.is_empty() {
                    return Ok(change);
                }
            }
            self.ahead = self.store.changes(self.after).await?.into();
        }
    }

    /// The state up to which everything was told.
    pub fn after(&self) -> Revision {
        self.after
    }
}
