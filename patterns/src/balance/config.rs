use super::{Balancer, LeastConnections, P2c, Random, RoundRobin};
use crate::config::ConfigError;

/// How an endpoint is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BalanceConfig {
    /// The rule.
    pub kind: BalanceKind,
}

/// The rules by which an endpoint is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum BalanceKind {
    /// [`RoundRobin`], the default.
    #[default]
    RoundRobin,
    /// [`Random`].
    Random,
    /// [`LeastConnections`].
    LeastConnections,
    /// [`P2c`].
    P2c,
}

impl BalanceConfig {
    /// Whether a layer can be built from this: always.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }
}

impl BalanceKind {
    /// A fresh balancer of this kind.
    pub fn build(self) -> Box<dyn Balancer> {
        match self {
            Self::RoundRobin => Box::new(RoundRobin::default()),
            Self::Random => Box::new(Random),
            Self::LeastConnections => Box::new(LeastConnections),
            Self::P2c => Box::new(P2c),
        }
    }
}
