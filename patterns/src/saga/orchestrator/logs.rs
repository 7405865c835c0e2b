use std::collections::BTreeMap;
use std::sync::Arc;

use super::cast::Cast;
use super::config::OrchestratorConfig;
use super::error::SagaError;
use super::rows::Rows;
use crate::saga::codec::decode_entries;
use crate::saga::definition::Definition;
use crate::saga::forget::delete_rows;
use crate::saga::ids::SagaId;
use crate::saga::log::SagaLog;
use crate::saga::record::Record;
use crate::store::{Range, Store, StoreError};

/// Definitions by their names and versions.
pub(super) type Definitions = BTreeMap<(Arc<str>, u32), Arc<Definition>>;

/// What has happened to a saga, for whoever looks into the store of orchestrators of this configuration and is none.
///
/// # Errors
///
/// As for the store; [`SagaError::NoSaga`], and [`SagaError::NoDefinition`] where the cast does not have it.
pub async fn log(
    store: &Arc<dyn Store>,
    config: &OrchestratorConfig,
    cast: &Cast,
    id: &SagaId,
) -> Result<SagaLog, SagaError> {
    read(store, Rows(&config.prefix), &cast.definitions, id).await
}

/// Forgets a saga that has ended, in the store of orchestrators of this configuration. Begun once more under its id, it is begun
/// anew: that is for who knows that nobody asks for it any more.
///
/// # Errors
///
/// As for the store; [`Conflict`](StoreError::Conflict) where the saga has not ended, or there is none.
pub async fn forget(
    store: &Arc<dyn Store>,
    config: &OrchestratorConfig,
    id: &SagaId,
) -> Result<(), StoreError> {
    let rows = Rows(&config.prefix);
    if store.get(rows.end(id)).await?.is_none() {
        return Err(StoreError::Conflict);
    }
    delete_rows(store, rows_of(config, id)).await
}

/// Where all is that orchestrators of this configuration know of a saga that has ended.
pub fn rows_of(config: &OrchestratorConfig, id: &SagaId) -> [Range; 2] {
    let rows = Rows(&config.prefix);
    [rows.log(id), Range::only(rows.end(id))]
}

pub(super) async fn read(
    store: &Arc<dyn Store>,
    rows: Rows<'_>,
    definitions: &Definitions,
    id: &SagaId,
) -> Result<SagaLog, SagaError> {
    let mut entries = Vec::new();
    let mut rest = Some(rows.log(id));
    while let Some(range) = rest {
        let page = store.range(range, 1_000).await?;
        for row in &page.rows {
            let written = decode_entries(entries.len() as u64, &row.value);
            entries.extend(written.map_err(|error| StoreError::Corrupt(error.to_string()))?);
        }
        rest = page.rest;
    }
    let Some(Record::Started { definition, version, .. }) =
        entries.first().map(|entry| &entry.record)
    else {
        return Err(SagaError::NoSaga(id.clone()));
    };
    let known = definitions.get(&(Arc::clone(definition), *version));
    let definition = known.ok_or_else(|| SagaError::NoDefinition(Arc::clone(definition)))?;
    Ok(SagaLog { id: id.clone(), definition: Arc::clone(definition), entries })
}
