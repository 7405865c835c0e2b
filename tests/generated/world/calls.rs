//! Who calls whom through which layers, and how often at most.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Call, Layer, Step, World};

/// A layer of a policy on its way to a target or into a service, as results name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Way {
    /// Such as `standard.retry → db`.
    pub(crate) name: String,
    pub(crate) policy: String,
    /// The position in the policy.
    pub(crate) at: usize,
    /// What results call it, which of a timeout may be two things.
    pub(crate) part: &'static str,
    pub(crate) service: String,
    /// It is passed on arrival.
    pub(crate) inbound: bool,
    /// It is passed by a fallback.
    pub(crate) fallback: bool,
}

/// What a call passes: layers, and at the end of each of its tries a service. With each goes how
/// often that may be for one call.
enum Passed<'a> {
    Layer(Way, f64),
    End(&'a Call, f64),
}

/// Every way of every layer that a world has, whether anything goes there or not.
pub(crate) fn ways(world: &World) -> BTreeSet<Way> {
    let mut found = BTreeSet::new();
    for call in calls(world) {
        passed(world, call, &own_name(call), (false, 1.0), &mut |passed| {
            if let Passed::Layer(way, _) = passed {
                found.insert(way);
            }
        });
    }
    for (name, service) in &world.services {
        let layers = world.layers(service.inbound.as_ref());
        found.extend(layers.iter().flat_map(|layer| into(world, name, layer)));
    }
    found
}

/// Every place from which somebody is called, but those of fallbacks.
pub(crate) fn calls(world: &World) -> Vec<&Call> {
    let loads = world.loads.values().map(|load| &load.call);
    let endpoints = world.services.values().flat_map(|service| service.endpoints.values());
    loads.chain(endpoints.flat_map(|endpoint| calls_in(&endpoint.steps))).collect()
}

/// The calls of steps, those of branches included.
pub(crate) fn calls_in(steps: &[Step]) -> Vec<&Call> {
    let calls = steps.iter().flat_map(|step| match step {
        Step::Compute(_) | Step::Fail(..) | Step::Answer | Step::Post | Step::MayFail(_) => {
            Vec::new()
        }
        Step::Call(call) => vec![call],
        Step::Parallel(branches) => branches.iter().flat_map(|steps| calls_in(steps)).collect(),
        Step::Chance(ways) => ways.iter().flat_map(|steps| calls_in(steps)).collect(),
        // What is done no time has its layers all the same.
        Step::Repeat(_, most, steps) => (0..*most.max(&1)).flat_map(|_| calls_in(steps)).collect(),
    });
    calls.collect()
}

/// How often each layer is passed and each service is reached at most.
#[derive(Default)]
pub(crate) struct Flow {
    /// Calls of a layer, by its name in results.
    pub(crate) layers: BTreeMap<String, f64>,
    /// Requests that reach a service.
    pub(crate) arrivals: BTreeMap<String, f64>,
}

impl Flow {
    /// What so many requests of each load lead to.
    pub(crate) fn of(world: &World, offered: impl Fn(&str) -> f64) -> Self {
        let mut flow = Self::default();
        for (name, load) in &world.loads {
            flow.call(world, &load.call, offered(name));
        }
        flow
    }

    fn call(&mut self, world: &World, call: &Call, times: f64) {
        let mut ends = Vec::new();
        passed(world, call, &own_name(call), (false, times), &mut |passed| match passed {
            Passed::Layer(way, times) => *self.layers.entry(way.name).or_default() += times,
            Passed::End(call, times) => ends.push((call, times)),
        });
        ends.into_iter().for_each(|(call, times)| self.arrive(world, call, times));
    }

    fn arrive(&mut self, world: &World, call: &Call, mut times: f64) {
        *self.arrivals.entry(call.service.clone()).or_default() += times;
        for layer in world.layers(world.services[&call.service].inbound.as_ref()) {
            for way in into(world, &call.service, layer) {
                *self.layers.entry(way.name).or_default() += times;
            }
            times *= layer.copies();
        }
        calls_in(&world.endpoint(call).steps)
            .into_iter()
            .for_each(|call| self.call(world, call, times));
    }
}

/// Goes through the layers of a call, which are called after `own`, and those of its fallbacks.
fn passed<'a>(
    world: &'a World,
    call: &'a Call,
    own: &str,
    (fallback, mut times): (bool, f64),
    tell: &mut dyn FnMut(Passed<'a>),
) {
    for layer in world.layers(call.policy.as_ref()) {
        let way = format!("→ {}", word(&call.service));
        let place = world.place(call.policy.as_ref(), layer);
        for part in world.parts(call, layer) {
            let way = Way {
                name: format!("{own}{place}.{part} {way}"),
                policy: call.policy.clone().unwrap_or_default(),
                at: layer.at,
                part,
                service: call.service.clone(),
                inbound: false,
                fallback,
            };
            tell(Passed::Layer(way, times));
        }
        for (number, call) in &layer.fallbacks {
            let own = format!("{own}{place} fallback {number}");
            passed(world, call, &own, (true, times), tell);
        }
        times *= layer.copies();
    }
    tell(Passed::End(call, times));
}

/// The names of a layer on the way into a service.
fn into(world: &World, service: &str, layer: &Layer) -> Vec<Way> {
    let policy = world.services[service].inbound.clone().unwrap_or_default();
    let place = world.place(Some(&policy), layer);
    let way = |part: &'static str| Way {
        name: format!("{}{place}.{part} into {}", word(&policy), word(service)),
        policy: policy.clone(),
        at: layer.at,
        part,
        service: service.to_owned(),
        inbound: true,
        fallback: false,
    };
    layer.parts().into_iter().map(way).collect()
}

fn own_name(call: &Call) -> String {
    call.policy.as_ref().map_or_else(String::new, |policy| word(policy))
}

/// A name as a part of a longer one: between quotes where it is no plain word.
pub(crate) fn word(name: &str) -> String {
    let joins = |c: char| c.is_whitespace() || matches!(c, '"' | '/' | '[' | '→');
    match name.is_empty() || name == "inbound" || name.contains(joins) {
        true => format!("{name:?}"),
        false => name.to_owned(),
    }
}

impl World {
    /// The position of a layer, where its policy has several of the kind.
    pub(crate) fn place(&self, policy: Option<&String>, layer: &Layer) -> String {
        let alike = self.layers(policy).iter().filter(|other| other.kind == layer.kind).count();
        if alike > 1 { format!("[{}]", layer.at) } else { String::new() }
    }

    /// What a layer of a call is called. Where there is one replica and no copies are sent, nobody
    /// chooses, and nobody watches the choices.
    fn parts(&self, call: &Call, layer: &Layer) -> Vec<&'static str> {
        let layers = self.layers(call.policy.as_ref());
        let chooses = layer.kind == "balance" || layer.kind == "outlier";
        let copies = layers.iter().any(|layer| layer.kind == "hedge");
        match chooses && self.services[&call.service].ever == 1 && !copies {
            true => Vec::new(),
            false => layer.parts(),
        }
    }

    /// How many calls of all kinds the requests of all loads may cause.
    pub(crate) fn most_calls(&self) -> f64 {
        let offered = |name: &str| {
            let load = &self.loads[name];
            load.rate.map_or(2_000.0, |rate| rate * load.until as f64 / 1e9)
        };
        let flow = Flow::of(self, offered);
        flow.layers.values().sum::<f64>() / 4.0 + flow.arrivals.values().sum::<f64>()
    }
}

impl Layer {
    /// How many calls it may make of one.
    pub(crate) fn copies(&self) -> f64 {
        match self.kind.as_str() {
            "retry" => self.value["attempts"].as_f64().unwrap_or(3.0),
            "hedge" => 1.0 + self.value["max"].as_f64().unwrap_or(1.0),
            _ => 1.0,
        }
    }

    fn parts(&self) -> Vec<&'static str> {
        let has = |key: &str| self.value.get(key).is_some();
        if self.kind != "timeout" {
            let all = super::super::generator::layers::kinds();
            return all.iter().map(|kind| kind.name).filter(|name| *name == self.kind).collect();
        }
        let whole = Value::is_string(&self.value) || has("overall");
        let connection = has("connect") || has("read");
        let parts = [("timeout", whole), ("connection", connection)];
        parts.into_iter().filter(|(_, is_there)| *is_there).map(|(part, _)| part).collect()
    }
}
