use std::convert::identity;

use cascadia_models::plan::{ConnectionPlan, LayerPlan};
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::timeout::TimeoutConfig;

use super::Layer;
use super::place::Place;
use crate::decode::{either, object};
use crate::units::Duration;

either! {
    /// Stops waiting: after a duration for the whole call, or by an object.
    pub(super) enum Timeout: Timeouts {
        Duration => |overall| Timeouts { overall: Some(overall), connect: None, read: None },
        Timeouts => identity,
    }
}

object! {
    /// How long is waited, and for what; at least one of them.
    pub(super) struct Timeouts {
        /// For the end of the call. Inside a retry that is the end of each try.
        overall: Option<Duration> => "for ever",
        /// For a replica that is up to be reached.
        connect: Option<Duration> => "for ever",
        /// For something to come from there: the answer.
        read: Option<Duration> => "for ever",
    }
}

impl Timeouts {
    fn connection(&self, inner: bool) -> LayerPlan {
        LayerPlan::new(ConnectionPlan { connect: self.connect, read: self.read, inner })
    }
}

impl Layer for Timeouts {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        let Some(after) = self.overall else { return vec![self.connection(false)] };
        let overall = LayerPlan::new(TimeoutConfig { after });
        if self.connect.is_none() && self.read.is_none() {
            return vec![overall];
        }
        vec![overall, self.connection(true)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        let limits = [("overall", self.overall), ("connect", self.connect), ("read", self.read)];
        let zero = limits.iter().find(|(_, limit)| limit.is_some_and(|limit| limit.is_zero()));
        if let Some((field, _)) = zero {
            return Err(ConfigError { field, reason: "must be longer than zero" });
        }
        if limits.iter().all(|(_, limit)| limit.is_none()) {
            let reason = "needs at least one of overall, connect and read";
            return Err(ConfigError { field: "timeout", reason });
        }
        Ok(())
    }
}
