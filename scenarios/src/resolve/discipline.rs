use cascadia_patterns::shed::{CodelConfig, DisciplineConfig, Order};

use crate::dto;
use crate::units::Duration;

/// The discipline of a queue before so many workers.
pub(super) fn discipline(dto: dto::Discipline, workers: u32) -> DisciplineConfig {
    let in_order = |order| DisciplineConfig { order, codel: None };
    match dto {
        dto::Discipline::Named(dto::DisciplineName::Fifo) => in_order(Order::Fifo),
        dto::Discipline::Named(dto::DisciplineName::Lifo) => in_order(Order::Lifo),
        dto::Discipline::Named(dto::DisciplineName::AdaptiveLifo) => {
            adaptive(dto::AdaptiveLifo::default(), workers)
        }
        dto::Discipline::Named(dto::DisciplineName::Codel) => controlled(dto::Codel::default()),
        dto::Discipline::Set(dto::DisciplineObject::AdaptiveLifo(dto)) => adaptive(dto, workers),
        dto::Discipline::Set(dto::DisciplineObject::Codel(dto)) => controlled(dto),
    }
}

fn adaptive(dto: dto::AdaptiveLifo, workers: u32) -> DisciplineConfig {
    let order = Order::Adaptive { above: dto.above.unwrap_or(workers) };
    DisciplineConfig { order, codel: dto.codel.map(codel) }
}

fn controlled(dto: dto::Codel) -> DisciplineConfig {
    DisciplineConfig { order: Order::Fifo, codel: Some(codel(dto)) }
}

fn codel(dto: dto::Codel) -> CodelConfig {
    let default = CodelConfig::default();
    CodelConfig {
        target: dto.target.map_or(default.target, Duration::std),
        interval: dto.interval.map_or(default.interval, Duration::std),
    }
}
