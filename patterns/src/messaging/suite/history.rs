use std::sync::Arc;

use super::stage::Stage;
use crate::call::BoxFuture;
use crate::messaging::capabilities::Capability;

/// What happens in a history.
pub type Act = fn(Arc<Stage>) -> BoxFuture<()>;

/// A short story of what a broker does.
#[derive(Clone, Copy, Debug)]
pub struct History {
    /// What it shows.
    pub name: &'static str,
    /// What the broker must be able to do for it.
    pub needs: &'static [Capability],
    /// Whether the broker is killed in it and started again.
    pub restarts: bool,
    /// What happens.
    pub act: Act,
}

impl History {
    /// Plays it, unless the broker denies what it needs. Whether it was played.
    ///
    /// # Panics
    ///
    /// When the broker does something else.
    pub async fn play(&self, stage: Stage) -> bool {
        let can = stage.broker().can();
        let is_able = self.needs.iter().all(|need| can.has(*need));
        let is_played = is_able && (stage.can_restart() || !self.restarts);
        if is_played {
            (self.act)(Arc::new(stage)).await;
        }
        is_played
    }
}
