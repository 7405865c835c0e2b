//! What a layer is built with, and what it is called.

use std::sync::Arc;

use cascadia_patterns::env::Env;
use cascadia_patterns::store::Store;
use cascadia_runtime::Identity;

use super::Builder;
use super::observer::Observer;
use crate::exchange::{Classifier, Route};
use crate::layers::{Aside, LayerEnv, Surroundings, Target};
use crate::plan::{Instance, LayerId, ServiceId};
use crate::words::INBOUND;
use crate::world::World;

impl Surroundings for Builder {
    fn env(&self, target: Target, index: usize, kind: &str) -> LayerEnv {
        let sim = self.world.sim;
        let identity = self.layer_identity(target, index, kind);
        let (caller, to) = (&self.caller.name, self.words(target));
        let mut name = format!("{caller} → {to} {kind}{}", self.place(index));
        if self.ambiguous {
            name = format!("{name} of {}{}", self.policy, self.apart);
        }
        let measured = self.measured_as(index, kind);
        let measured = measured.as_ref().map(|(layer, name)| (*layer, name.as_str()));
        let observer = Observer::new(&self.world, identity, name, measured);
        Env {
            world: sim,
            classify: Arc::new(Classifier),
            observe: Arc::new(observer),
            stream: sim.stream(identity, self.caller.incarnation),
        }
    }

    fn aside(&self, target: Target, index: usize, number: u64, to: Aside) -> (Route, bool) {
        let (service, endpoint, stack) = to;
        let World { plan, names, .. } = &*self.world;
        let step = self.layer_identity(target, index, "fallback").number(number);
        let own = format!("{}{} fallback {number}", self.policy, self.place(index));
        let apart =
            if self.repeated { format!(" → {}", self.words(target)) } else { String::new() };
        let builder = Self {
            identity: plan.way_identity(step, service, stack),
            stack,
            policy: own,
            apart,
            way: format!("→ {}", names.group(service)),
            ambiguous: true,
            ..self.clone()
        };
        (builder.way(service), plan.endpoint(service, endpoint).safe)
    }

    fn table(&self, store: ServiceId) -> Arc<dyn Store> {
        self.world.table(store)
    }

    fn common(&self) -> String {
        format!("{} {}", self.policy, self.way)
    }
}

impl Builder {
    /// Who a layer is, by its kind and how many of the kind are outside it: no layer of another kind
    /// makes it somebody else.
    fn layer_identity(&self, target: Target, index: usize, kind: &str) -> Identity {
        let outside = self.layers().iter().take(index).filter(|layer| layer.kind() == kind);
        let way = match target {
            Target::Replica(Instance { replica, .. }) => self.identity.number(replica.into()),
            Target::Service(_) | Target::Queue => self.identity,
        };
        way.name(kind).number(outside.count() as u64)
    }

    /// Where calls go, in words.
    fn words(&self, target: Target) -> String {
        let names = &self.world.names;
        match target {
            Target::Service(service) => names.group(service).to_owned(),
            Target::Replica(Instance { service, replica }) => {
                format!("{}/{replica}", names.group(service))
            }
            Target::Queue => INBOUND.to_owned(),
        }
    }

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
