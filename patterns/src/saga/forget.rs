use std::sync::Arc;

use crate::store::{Commit, Range, Store, StoreError};

/// Deletes the rows of ranges, those of the last one last.
pub(super) async fn delete_rows(
    store: &Arc<dyn Store>,
    all: impl IntoIterator<Item = Range>,
) -> Result<(), StoreError> {
    for range in all {
        let mut rest = Some(range);
        while let Some(range) = rest {
            let page = store.range(range, 1_000).await?;
            let rows = page.rows.into_iter();
            store.commit(rows.fold(Commit::new(), |commit, row| commit.delete(row.key))).await?;
            rest = page.rest;
        }
    }
    Ok(())
}
