//! What a layer is built with, and what it is called.

use std::sync::Arc;

use cascadia_patterns::env::Env;

use super::Builder;
use super::observer::Observer;
use crate::exchange::{Classifier, Route};
use crate::layers::{Aside, LayerEnv, Surroundings};
use crate::plan::LayerId;

impl Surroundings for Builder<'_> {
    fn env(&self, target: &str, index: usize, kind: &str) -> LayerEnv {
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

    fn aside(&self, target: &str, index: usize, number: u64, to: Aside) -> (Route, bool) {
        let (service, endpoint, stack) = to;
        let plan = &self.world.plan;
        let name = plan.name(service);
        let own = format!("{}{} fallback {number}", self.policy, self.place(index));
        let apart = if self.repeated { format!(" → {target}") } else { String::new() };
        let way = format!("→ {name}");
        let builder = Builder { stack, policy: &own, apart: &apart, way, ambiguous: true, ..*self };
        (builder.outbound(service, name), plan.endpoint(service, endpoint).safe)
    }
}

impl Builder<'_> {
    /// The layer of the plan, and the name under which all its instances are measured together.
    fn measured_as(&self, index: usize, kind: &str) -> Option<(LayerId, String)> {
        let layer = LayerId { stack: self.stack?, layer: index as u32 };
        self.layers().get(index)?;
        Some((layer, format!("{}{}.{kind} {}", self.policy, self.place(index), self.way)))
    }

    /// The place of a layer in the stack, which is said only where that has several of the kind.
    fn place(&self, index: usize) -> String {
        let stack = self.stack.map(|stack| &self.world.plan.stacks[stack.0 as usize]);
        stack.map_or_else(String::new, |stack| stack.place(index))
    }
}
