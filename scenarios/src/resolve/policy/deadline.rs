use cascadia_patterns::deadline::DeadlineConfig;

use super::or;
use crate::dto;

pub(super) fn config(deadline: &dto::Deadline) -> DeadlineConfig {
    let default = DeadlineConfig::default();
    DeadlineConfig {
        min_remaining: or(deadline.min_remaining, default.min_remaining),
        hop_margin: or(deadline.hop_margin, default.hop_margin),
    }
}
