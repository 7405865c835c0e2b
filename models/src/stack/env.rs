//! What a layer is built with, and what it is called.

use std::sync::Arc;

use cascadia_patterns::env::Env;

use super::observer::Observer;
use super::{Builder, LayerEnv};
use crate::exchange::Classifier;
use crate::plan::LayerId;

impl Builder<'_> {
    /// For the layer in place `index` of the stack, before `target`.
    pub(super) fn env(&self, target: &str, index: usize, kind: &str) -> LayerEnv {
        let sim = self.world.sim;
        let entity = format!("{} → {target}", self.caller.name);
        let purpose = format!("{}{}.{index} {kind}", self.policy, self.apart);
        let mut name = format!("{entity} {kind}{}", self.place(index));
        if self.ambiguous {
            name = format!("{name} of {}{}", self.policy, self.apart);
        }
        let measured = self.measured_as(index, kind);
        let measured = measured.as_ref().map(|(layer, name)| (*layer, name.as_str()));
        let identity = format!("{entity} {purpose}");
        let observer = Observer::new(self.world, &identity, name, measured);
        Env {
            world: sim,
            classify: Arc::new(Classifier),
            observe: Arc::new(observer),
            stream: sim.stream(&entity, &purpose, self.caller.incarnation),
        }
    }

    /// The layer of the plan, and the name under which all its instances are measured together.
    fn measured_as(&self, index: usize, kind: &str) -> Option<(LayerId, String)> {
        let layer = LayerId { stack: self.stack?, layer: index as u32 };
        self.layers().get(index)?;
        Some((layer, format!("{}{}.{kind} {}", self.policy, self.place(index), self.way)))
    }

    /// The place of a layer in the stack, which is said only where that has several of the kind.
    pub(super) fn place(&self, index: usize) -> String {
        let stack = self.stack.map(|stack| &self.world.plan.stacks[stack.0 as usize]);
        stack.map_or_else(String::new, |stack| stack.place(index))
    }
}
