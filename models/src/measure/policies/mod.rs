//! What the layers of policies report.
//!
//! The instances of a layer, one for each caller and perhaps for each replica of its target, report
//! to one meter. It counts from the warm-up on and allocates nothing for a report but the room of
//! a new window.

mod events;
mod layer;
mod levels;

use std::collections::BTreeMap;

use cascadia_patterns::observe::Signal;
use cascadia_runtime::{Identity, Time};

use self::layer::LayerMeter;
use super::measured::Snapshots;
use super::{LayerCounters, Windows};
use crate::plan::{LayerId, Probe, Subject};

pub use self::events::{Happened, HappenedOften};
pub use self::layer::LayerMeasured;
pub use self::levels::{LevelMeasured, LevelRange};

/// An instance of a layer, as its meter knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reporter {
    layer: u32,
    instance: u32,
}

/// The meters of all layers.
pub(crate) struct Policies {
    windows: Windows,
    /// The window in which the last report came; before the first there is none.
    window: Option<u32>,
    /// When the next window begins.
    until: Time,
    known: BTreeMap<String, u32>,
    instances: BTreeMap<Identity, u32>,
    layers: Vec<LayerMeter>,
    /// Counters of the layers that are probed, copied at boundaries.
    copies: BTreeMap<LayerId, Vec<(Time, LayerCounters)>>,
}

impl Policies {
    pub(crate) fn new(windows: Windows, probes: &[Probe]) -> Self {
        let probed = probes.iter().filter_map(|probe| match probe.subject {
            Subject::Layer(id) => Some((id, Vec::new())),
            _ => None,
        });
        Self {
            windows,
            window: None,
            until: windows.start,
            known: BTreeMap::new(),
            instances: BTreeMap::new(),
            layers: Vec::new(),
            copies: probed.collect(),
        }
    }

    /// A fresh instance of the layer `id`, which is called `name` on its way. It replaces the one
    /// that was the same `instance` in an earlier life, if any.
    pub(crate) fn register(
        &mut self,
        id: LayerId,
        name: &str,
        instance: Identity,
        now: Time,
    ) -> Reporter {
        self.advance(now);
        let layers = self.layers.len() as u32;
        let layer = *self.known.entry(name.to_owned()).or_insert(layers);
        if layer == layers {
            self.layers.push(LayerMeter::new(id));
        }
        let meter = &mut self.layers[layer as usize];
        let instance = *self.instances.entry(instance).or_insert_with(|| meter.new_instance());
        meter.restart(self.window, instance);
        Reporter { layer, instance }
    }

    /// An instance reports.
    pub(crate) fn report(&mut self, reporter: Reporter, now: Time, signal: &Signal<'_>) {
        self.advance(now);
        let layer = &mut self.layers[reporter.layer as usize];
        match *signal {
            Signal::Level(level, value) => {
                layer.level(self.window, reporter.instance, level, value);
            }
            _ => {
                if let Some(happened) = Happened::of(signal) {
                    layer.count(self.window, happened);
                }
            }
        }
    }

    fn advance(&mut self, now: Time) {
        if now < self.until {
            return;
        }
        let offset = now.as_nanos() - self.windows.start.as_nanos();
        let window = (offset / self.windows.width) as u32;
        self.window = Some(window);
        self.until = self.windows.edge(window as usize + 1);
    }

    /// Copies the counters of what is probed at a boundary.
    pub(crate) fn copy(&mut self, now: Time) {
        for (id, copies) in &mut self.copies {
            let mut counters = LayerCounters::default();
            let layers = self.layers.iter().filter(|layer| layer.id == *id);
            layers.for_each(|layer| layer.add_to(&mut counters));
            copies.push((now, counters));
        }
    }

    /// What a layer that is probed did between two boundaries.
    pub(crate) fn between(&self, id: LayerId, from: Time, until: Time) -> LayerCounters {
        let copies = Snapshots(&self.copies[&id]);
        copies.at(until).since(&copies.at(from))
    }

    /// What each layer measured, by name, in a run until `end`.
    pub(crate) fn measured(&self, end: Time) -> BTreeMap<String, LayerMeasured> {
        let count = self.windows.count(end);
        let measured = |(name, layer): (&String, &u32)| {
            (name.clone(), self.layers[*layer as usize].measured(count))
        };
        self.known.iter().map(measured).collect()
    }
}

#[cfg(test)]
mod tests;
