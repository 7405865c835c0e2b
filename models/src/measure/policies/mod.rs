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
use cascadia_runtime::Time;

use self::layer::LayerMeter;
use super::Windows;

pub use self::events::{Happened, HappenedOften};
pub use self::layer::LayerMeasured;
pub use self::levels::{LevelMeasured, Reading};

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
    instances: BTreeMap<String, u32>,
    layers: Vec<LayerMeter>,
}

impl Policies {
    pub(crate) fn new(windows: Windows) -> Self {
        Self {
            windows,
            window: None,
            until: windows.start,
            known: BTreeMap::new(),
            instances: BTreeMap::new(),
            layers: Vec::new(),
        }
    }

    /// A fresh instance of the layer `name`. It replaces the one that lived in `place`, if any.
    pub(crate) fn register(&mut self, name: &str, place: &str, now: Time) -> Reporter {
        self.advance(now);
        let layers = self.layers.len() as u32;
        let layer = *self.known.entry(name.to_owned()).or_insert(layers);
        if layer == layers {
            self.layers.push(LayerMeter::default());
        }
        let meter = &mut self.layers[layer as usize];
        let instance = self.instances.get(place).copied();
        let instance = instance.unwrap_or_else(|| meter.new_instance());
        self.instances.insert(place.to_owned(), instance);
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
                if let (Some(happened), Some(window)) = (Happened::of(signal), self.window) {
                    layer.count(window, happened);
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
