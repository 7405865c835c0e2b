//! The kinds of charts, a file each.

mod amplification;
mod components;
mod fairness;
mod level;
mod outcomes;
mod progress;
mod quantiles;
mod rejections;
mod saturation;
mod space_time;
mod spread;
mod states;
mod waterfall;

use super::kind::Kind;

/// Every kind, in the order of the report. The first stands for all where nothing was measured.
pub(super) const ALL: &[Kind] = &[
    outcomes::KIND,
    quantiles::KIND,
    states::KIND,
    waterfall::KIND,
    space_time::KIND,
    rejections::KIND,
    level::KIND,
    progress::KIND,
    components::KIND,
    saturation::KIND,
    amplification::KIND,
    fairness::KIND,
    spread::KIND,
];
