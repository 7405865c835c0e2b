use cascadia_models::plan::LayerPlan;
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::shed::{DagorConfig, QueueConfig};

use super::or;
use crate::dto;
use crate::resolve::discipline::discipline;

pub(super) fn plan(shed: &dto::Shed) -> (LayerPlan, Result<(), ConfigError>) {
    match shed {
        dto::Shed::Dagor(dto) => {
            let config = dagor(dto);
            (LayerPlan::new(config), config.check())
        }
        dto::Shed::Queue(dto) => {
            let config = queue(dto);
            (LayerPlan::new(config), config.check())
        }
    }
}

fn dagor(dto: &dto::Dagor) -> DagorConfig {
    let default = DagorConfig::default();
    DagorConfig {
        target: or(dto.target, default.target),
        window: or(dto.window, default.window),
        window_requests: dto.window_requests.unwrap_or(default.window_requests),
        shrink: dto.shrink.map_or(default.shrink, |share| share.0),
        grow: dto.grow.map_or(default.grow, |share| share.0),
        priorities: dto.priorities.unwrap_or(default.priorities),
    }
}

fn queue(dto: &dto::ShedQueue) -> QueueConfig {
    let limit = dto.limit.unwrap_or_else(|| QueueConfig::default().limit);
    QueueConfig {
        limit,
        max_waiting: dto.max_waiting,
        discipline: discipline(dto.discipline, limit),
    }
}
