use super::config::OrchestratorConfig;
use super::rows::{Live, Rows};
use crate::saga::ids::SagaId;
use crate::store::Commit;

/// What a commit of an orchestrator says of a saga.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// It goes on.
    Live,
    /// It waits for an operator.
    Stuck,
    /// It has completed.
    Completed,
    /// It has gone back.
    Compensated,
}

/// What a commit says of sagas, for whoever looks after the store of orchestrators of this configuration: a store
/// that has made the commit knows more than an orchestrator that died before it was told.
pub fn sights(config: &OrchestratorConfig, commit: &Commit) -> Vec<(SagaId, Sight)> {
    let rows = Rows(config.prefix.clone());
    let sight = |(key, value): (&Vec<u8>, &Option<Vec<u8>>)| {
        let value = value.as_ref()?;
        if let Some(id) = rows.ended_of(key) {
            let is_completed = value.first() == Some(&1);
            return Some((id, if is_completed { Sight::Completed } else { Sight::Compensated }));
        }
        let id = rows.live_of(key)?;
        let live = Live::decode(value).ok()?;
        Some((id, if live.is_stuck { Sight::Stuck } else { Sight::Live }))
    };
    commit.writes.iter().filter_map(sight).collect()
}
