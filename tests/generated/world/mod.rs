//! A scenario as its author reads it: written anew from the file, and not from the plan that the
//! simulator makes of it.

mod calls;
mod quantities;
mod select;
mod statuses;
mod stores;

use std::collections::BTreeMap;

use serde_json::Value;

pub(crate) use self::calls::{Flow, Way, calls, calls_in, ways, word};
pub(crate) use self::quantities::{Law, nanos, per_second, share};
pub(crate) use self::select::resolve;
pub(crate) use self::statuses::Status;

/// Faults that hold replicas down.
pub(crate) const DOWN: [&str; 2] = ["crash", "refuse"];

/// Faults that end lives.
pub(crate) const STOPPING: [&str; 3] = ["crash", "refuse", "scale"];

/// Faults that have servers fail. Who leaves refuses what comes too late.
pub(crate) const FAILING: [&str; 3] = ["errors", "refuse", "scale"];

/// A scenario.
pub(crate) struct World {
    pub(crate) duration: u64,
    pub(crate) warmup: u64,
    pub(crate) services: BTreeMap<String, Service>,
    pub(crate) policies: BTreeMap<String, Vec<Layer>>,
    pub(crate) loads: BTreeMap<String, Load>,
    pub(crate) links: BTreeMap<String, Link>,
    pub(crate) faults: Vec<Fault>,
    /// There are brokers: work is done that nobody waits for, and that nobody asked for again.
    pub(crate) has_mail: bool,
}

pub(crate) struct Service {
    pub(crate) replicas: u64,
    /// No more than so many replicas have ever been there.
    pub(crate) ever: u64,
    pub(crate) workers: Option<u64>,
    pub(crate) queue: Value,
    pub(crate) on_cancel: String,
    /// To refuse takes it time.
    pub(crate) refuses_slowly: bool,
    pub(crate) inbound: Option<String>,
    pub(crate) labels: BTreeMap<String, Vec<String>>,
    pub(crate) endpoints: BTreeMap<String, Endpoint>,
}

pub(crate) struct Endpoint {
    pub(crate) steps: Vec<Step>,
}

pub(crate) enum Step {
    Compute(Law),
    Call(Call),
    Parallel(Vec<Vec<Self>>),
    /// Each request goes one of several ways.
    Chance(Vec<Vec<Self>>),
    /// Done so often, at least and at most.
    Repeat(u64, u64, Vec<Self>),
    /// A share of requests ends here with an error of this name.
    Fail(f64, Status),
    /// A request may end here with an error of this name, by what others have done.
    MayFail(Status),
    /// Some requests end here with success.
    Answer,
    /// A message is published.
    Post,
}

/// Who is asked for what, and through which policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    pub(crate) service: String,
    pub(crate) endpoint: String,
    pub(crate) policy: Option<String>,
}

/// A layer of a policy.
#[derive(Clone)]
pub(crate) struct Layer {
    /// What the file calls it.
    pub(crate) kind: String,
    /// Its position in the policy.
    pub(crate) at: usize,
    pub(crate) value: Value,
    /// The calls of a fallback, with the numbers of their steps from 1.
    pub(crate) fallbacks: Vec<(usize, Call)>,
}

pub(crate) struct Load {
    pub(crate) call: Call,
    pub(crate) population: u64,
    pub(crate) from: u64,
    pub(crate) until: u64,
    /// Requests a second, if it is an open one.
    pub(crate) rate: Option<f64>,
    pub(crate) is_constant: bool,
    /// Nothing is drawn for when it sends, so that several requests may be sent at one instant.
    pub(crate) is_in_step: bool,
    /// Its clients, and whether they think.
    pub(crate) clients: Option<(u64, bool)>,
}

#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) latency: Law,
    pub(crate) loss: f64,
}

pub(crate) struct Fault {
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) kind: String,
    pub(crate) value: Value,
}

pub(crate) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A duration of the file, which is one.
fn time(value: &Value) -> Option<u64> {
    value.as_str().map(|text| nanos(text).unwrap_or_else(|| panic!("{text} is no duration")))
}

impl World {
    pub(crate) fn read(file: &Value) -> Self {
        let duration = time(&file["run"]["duration"]).expect("a run has a duration");
        let endpoints = |service: &Value| -> Vec<String> {
            members(&service["endpoints"]).map(|(name, _)| name.clone()).collect()
        };
        let known: Vec<(&str, Vec<String>)> = members(&file["services"])
            .map(|(name, service)| (name.as_str(), endpoints(service)))
            .collect();
        let known: Vec<(&str, &[String])> =
            known.iter().map(|(name, endpoints)| (*name, &endpoints[..])).collect();
        let faults: Vec<_> = items(&file["faults"]).map(|it| fault(it, duration)).collect();
        let services = members(&file["services"]);
        let services =
            services.map(|(name, it)| (name.clone(), service(name, it, &known, &faults)));
        let stores = members(&file["stores"]);
        let services =
            services.chain(stores.map(|(name, it)| (name.clone(), stores::store(name, it))));
        let policies = members(&file["policies"]);
        let loads = members(&file["load"]);
        let links = members(&file["links"]);
        Self {
            duration,
            warmup: time(&file["run"]["warmup"]).unwrap_or(0),
            services: services.collect(),
            policies: policies.map(|(name, it)| (name.clone(), layers(it, &known))).collect(),
            loads: loads.map(|(name, it)| (name.clone(), load(it, duration, &known))).collect(),
            links: links.map(|(name, it)| (name.clone(), link(it))).collect(),
            faults,
            has_mail: file["brokers"].is_object(),
        }
    }

    /// The layers of a policy, outermost first.
    pub(crate) fn layers(&self, policy: Option<&String>) -> &[Layer] {
        policy.map_or(&[], |name| &self.policies[name])
    }

    pub(crate) fn endpoint(&self, call: &Call) -> &Endpoint {
        &self.services[&call.service].endpoints[&call.endpoint]
    }

    /// What lies between a caller and a service.
    pub(crate) fn link(&self, from: &str, to: &str) -> Option<&Link> {
        let pair = |key: &str| {
            let (one, other) = key.split_once("->")?;
            Some(one.trim() == from && other.trim() == to)
        };
        let between = self.links.iter().find(|(key, _)| pair(key) == Some(true));
        between.map(|(_, link)| link).or_else(|| self.links.get("default"))
    }

    pub(crate) fn has_fault(&self, kinds: &[&str]) -> bool {
        self.faults.iter().any(|fault| fault.is(kinds))
    }

    /// Whether no message is ever lost and nobody is ever down.
    pub(crate) fn loses_nothing(&self) -> bool {
        !self.has_fault(&STOPPING)
            && !self.has_fault(&["loss", "partition"])
            && self.links.values().all(|link| link.loss == 0.0)
    }
}

impl Fault {
    /// Whether it is of one of some kinds.
    pub(crate) fn is(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind.as_str())
    }

    /// Whether it gives a service another number of replicas.
    pub(crate) fn scales(&self, service: &str) -> bool {
        self.kind == "scale" && self.value["target"] == service
    }
}

fn service(name: &str, file: &Value, known: &[(&str, &[String])], faults: &[Fault]) -> Service {
    let labels = members(&file["labels"]).map(|(name, values)| {
        let one = text(values).into_iter();
        (name.clone(), one.chain(items(values).filter_map(text)).collect())
    });
    let endpoints = members(&file["endpoints"]).map(|(name, endpoint)| {
        let list = if endpoint.is_array() { endpoint } else { &endpoint["steps"] };
        (name.clone(), Endpoint { steps: steps(list, known) })
    });
    let consumes = members(&file["consume"]).map(|(topic, consume)| {
        (format!("consume {topic}"), Endpoint { steps: steps(&consume["do"], known) })
    });
    let replicas = file["replicas"].as_u64().unwrap_or(1);
    // The end of a fault may bring back all who were there before it.
    let joiners = faults.iter().filter(|fault| fault.scales(name));
    let joiners: u64 =
        joiners.map(|fault| replicas + fault.value["to"].as_u64().unwrap_or(0)).sum();
    Service {
        replicas,
        ever: replicas + joiners,
        workers: match &file["workers"] {
            Value::String(_) => None,
            number => Some(number.as_u64().unwrap_or(1)),
        },
        queue: file["queue"].clone(),
        refuses_slowly: file["refusal"].is_string(),
        on_cancel: text(&file["on_cancel"]).unwrap_or_else(|| "ignore".to_owned()),
        inbound: text(&file["inbound"]),
        labels: labels.collect(),
        endpoints: endpoints.chain(consumes).collect(),
    }
}

fn steps(list: &Value, known: &[(&str, &[String])]) -> Vec<Step> {
    let branch = |branch: &Value| match branch.is_array() {
        true => steps(branch, known),
        false => steps(&Value::Array(vec![branch.clone()]), known),
    };
    let step = |step: &Value| {
        if ["publish", "request"].iter().any(|kind| step.get(kind).is_some()) {
            return Step::Post;
        }
        let settings = ["policy", "status", "share", "steps", "otherwise", "by", "row"];
        let (kind, value) = members(step)
            .find(|(key, _)| !settings.contains(&key.as_str()))
            .expect("a step is of a kind");
        match kind.as_str() {
            "compute" => Step::Compute(Law::read(value)),
            "call" => Step::Call(call(value, &step["policy"], known)),
            "read" | "write" | "compare_and_set" | "transaction" => {
                let (service, policy) = (text(value).expect("a store"), text(&step["policy"]));
                Step::Call(Call { service, endpoint: kind.clone(), policy })
            }
            "parallel" => Step::Parallel(items(value).map(branch).collect()),
            "chance" => {
                let ways = [&step["steps"], &step["otherwise"]];
                Step::Chance(ways.map(|way| steps(way, known)).into())
            }
            "answer" => Step::Answer,
            "choose" => Step::Chance(items(value).map(|way| steps(&way["steps"], known)).collect()),
            "repeat" => {
                let often = |end: &str| value.as_u64().or_else(|| value[end].as_u64()).unwrap_or(0);
                Step::Repeat(often("min"), often("max"), steps(&step["steps"], known))
            }
            "fail" => {
                Step::Fail(share(value).expect("a share fails"), Status(step["status"].clone()))
            }
            kind => panic!("{kind} is no step"),
        }
    };
    items(list).map(step).collect()
}

fn call(target: &Value, policy: &Value, known: &[(&str, &[String])]) -> Call {
    let target = target.as_str().expect("a target is a text");
    let (service, endpoint) =
        resolve(target, known).unwrap_or_else(|| panic!("{target} is nobody"));
    Call { service: service.to_owned(), endpoint: endpoint.to_owned(), policy: text(policy) }
}

fn layers(file: &Value, known: &[(&str, &[String])]) -> Vec<Layer> {
    let layer = |(at, layer): (usize, &Value)| {
        let (kind, value) = members(layer).next().expect("a layer has a kind");
        let steps = if value.is_array() { items(value).collect() } else { vec![value] };
        let steps = (1..).zip(steps).filter(|(_, step)| step.get("call").is_some());
        let fallbacks =
            steps.map(|(number, step)| (number, call(&step["call"], &step["policy"], known)));
        Layer { kind: kind.clone(), at, value: value.clone(), fallbacks: fallbacks.collect() }
    };
    items(file).enumerate().map(layer).collect()
}

fn load(file: &Value, duration: u64, known: &[(&str, &[String])]) -> Load {
    let open = members(&file["open"]).next();
    let think = &file["closed"]["think"];
    let thinks = !think.is_null();
    let thinks_by_chance = members(think).next().is_some_and(|(law, _)| law != "constant");
    let is_constant = open.is_some_and(|(law, _)| law == "constant");
    Load {
        call: call(&file["target"], &file["policy"], known),
        population: file["population"].as_u64().unwrap_or(1),
        from: time(&file["from"]).unwrap_or(0),
        until: time(&file["until"]).unwrap_or(duration),
        rate: open.and_then(|(_, rate)| per_second(rate.as_str()?)),
        is_constant,
        is_in_step: is_constant || (open.is_none() && !thinks_by_chance),
        clients: file["closed"]["clients"].as_u64().map(|clients| (clients, thinks)),
    }
}

fn link(file: &Value) -> Link {
    let latency = &file["latency"];
    let none = Law { min: 0, max: Some(0) };
    Link {
        latency: if latency.is_null() { none } else { Law::read(latency) },
        loss: share(&file["loss"]).unwrap_or(0.0),
    }
}

fn fault(file: &Value, duration: u64) -> Fault {
    let common = ["name", "description", "at", "for"];
    let (kind, value) = members(file)
        .find(|(key, _)| !common.contains(&key.as_str()))
        .expect("a fault is of a kind");
    let start = time(&file["at"]).expect("a fault begins");
    let end = time(&file["for"]).map_or(duration, |lasts| start + lasts);
    Fault { start, end, kind: kind.clone(), value: value.clone() }
}
