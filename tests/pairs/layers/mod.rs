//! The layers: those of all policies, and those that promise more than others, a family a file.

mod bounds;
mod breaker;
mod copies;
mod endpoints;
mod fallback;
mod load;
mod singleflight;

use std::sync::LazyLock;

use cascadia_patterns::sample::{self, Sample};
use cascadia_sim_core::Sim;

use super::rig::Rig;
use crate::conformance::bench::Route;

/// A layer that is tried with every other one.
pub(super) struct Entry {
    /// The sample of this name is not tried besides.
    pub(super) name: &'static str,
    pub(super) build: Build,
    /// Calls that it may make of two, at most.
    pub(super) of_two: u32,
}

/// Builds a layer around what is inside.
#[derive(Clone, Copy)]
pub(super) enum Build {
    /// As its policy says it.
    Sample(sample::Build<Sim>),
    Around(fn(&mut Rig, Route) -> Route),
    /// Around two endpoints.
    Among(fn(&mut Rig, Vec<Route>) -> Route),
}

/// Layers of which more is known than of others.
const FAMILIES: [&[Entry]; 7] = [
    fallback::LAYERS,
    copies::LAYERS,
    breaker::LAYERS,
    bounds::LAYERS,
    load::LAYERS,
    endpoints::LAYERS,
    singleflight::LAYERS,
];

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Entry> {
    static SAMPLES: LazyLock<Vec<Entry>> = LazyLock::new(samples);
    FAMILIES.into_iter().flatten().chain(SAMPLES.iter())
}

/// The layers of all policies that are in no family.
fn samples() -> Vec<Entry> {
    let all = cascadia_patterns::samples().into_iter().flat_map(|(_, samples)| samples);
    let is_known = |name| FAMILIES.into_iter().flatten().any(|entry| entry.name == name);
    let others = all.filter(|sample| !is_known(sample.name));
    others
        .map(|Sample { name, tight, most, .. }| Entry {
            name,
            build: Build::Sample(tight),
            of_two: 2 * most,
        })
        .collect()
}

const fn entry(name: &'static str, build: fn(&mut Rig, Route) -> Route) -> Entry {
    Entry { name, build: Build::Around(build), of_two: 2 }
}
