use cascadia_patterns::balance::BalanceKind;

use crate::dto;

pub(super) fn kind(kind: dto::Balance) -> BalanceKind {
    match kind {
        dto::Balance::RoundRobin => BalanceKind::RoundRobin,
        dto::Balance::Random => BalanceKind::Random,
        dto::Balance::LeastConnections => BalanceKind::LeastConnections,
        dto::Balance::P2c => BalanceKind::P2c,
    }
}
