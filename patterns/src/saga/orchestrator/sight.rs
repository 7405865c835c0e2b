use super::config::OrchestratorConfig;
use super::rows::{Live, Named, Rows};
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
    let rows = Rows(&config.prefix);
    let sight = |(key, value): (&Vec<u8>, &Option<Vec<u8>>)| {
        let value = value.as_ref()?;
        let (id, of) = rows.named(key)?;
        let sight = match of {
            Named::Ended if value.first() == Some(&1) => Sight::Completed,
            Named::Ended => Sight::Compensated,
            Named::Live if Live::decode(value).ok()?.is_stuck => Sight::Stuck,
            Named::Live => Sight::Live,
        };
        Some((id, sight))
    };
    commit.writes.iter().filter_map(sight).collect()
}
