//! The layers, one entry each, a family a file.

mod bounds;
mod breakers;
mod copies;
mod endpoints;
mod load;
mod request;
mod singleflight;

use super::rig::Rig;
use crate::conformance::bench::Route;

/// A layer that is tried with every other one.
pub(super) struct Entry {
    pub(super) name: &'static str,
    /// The layer in the scenario language, and what it cannot do without; nothing where the
    /// language has no such layer.
    pub(super) json: &'static [&'static str],
    pub(super) build: Build,
    /// Calls that it may make of so many, at most.
    pub(super) most: fn(u32) -> u32,
}

/// Builds a layer around what is inside.
#[derive(Clone, Copy)]
pub(super) enum Build {
    Around(fn(&mut Rig, Route) -> Route),
    /// Around two endpoints.
    Among(fn(&mut Rig, Vec<Route>) -> Route),
}

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Entry> {
    [
        request::LAYERS,
        copies::LAYERS,
        breakers::LAYERS,
        bounds::LAYERS,
        load::LAYERS,
        endpoints::LAYERS,
        singleflight::LAYERS,
    ]
    .into_iter()
    .flatten()
}

const fn entry(
    name: &'static str,
    json: &'static [&'static str],
    build: fn(&mut Rig, Route) -> Route,
) -> Entry {
    Entry { name, json, build: Build::Around(build), most: |calls| calls }
}
