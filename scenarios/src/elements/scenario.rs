use std::collections::BTreeMap;

use super::{CheckText, Ledger, Link, Run, Service, Store, Variant};
use crate::brokers::Broker;
use crate::components::Component;
use crate::decode::{Apart, Decode, Shape, Text, object};
use crate::diagnostics::Report;
use crate::faults::Fault;
use crate::layers::Layers;
use crate::loads::Load;
use crate::sagas::Saga;
use crate::text::Node;

object! {
    /// A scenario of Cascadia.
    pub(crate) struct Scenario {
        /// Where the schema is, for editors.
        _schema as "$schema": Option<Text> => "nowhere",
        /// The version of the language: 1.
        version: Version,
        /// Its name.
        name: Text,
        /// What it answers.
        question: Option<Text> => "nothing in particular",
        /// How it is run.
        _run as "run": Apart<Run>,
        /// What there is.
        _services as "services": Apart<BTreeMap<String, Service>>,
        /// What keeps rows.
        _stores as "stores": Apart<BTreeMap<String, Store>> => "nothing",
        /// What messages are published to, and consumed from.
        _brokers as "brokers": Apart<BTreeMap<String, Broker>> => "nothing",
        /// Quantities that are conserved.
        _ledgers as "ledgers": Apart<BTreeMap<String, Ledger>> => "nothing is counted",
        /// What is done as a whole, or not at all, by several services.
        _sagas as "sagas": Apart<BTreeMap<String, Saga>> => "there are none",
        /// What there is besides: each with exactly one kind and its settings, of the kinds that the
        /// program knows, and with `places`, how many there are; 1.
        _components as "components": Apart<BTreeMap<String, Component>> => "nothing",
        /// Layers of resilience, outermost first.
        _policies as "policies": Apart<BTreeMap<String, Vec<Layers>>> => "there are none",
        /// What lies between: "default" and "caller -> service".
        _links as "links": Apart<BTreeMap<String, Link>> => "nothing lies between",
        /// Who asks.
        _load as "load": Apart<BTreeMap<String, Load>>,
        /// What goes wrong.
        _faults as "faults": Apart<Vec<Fault>> => "nothing goes wrong",
        /// What must hold, for each load or service, or for "all loads" together: see Checks.
        _checks as "checks": Apart<BTreeMap<String, Vec<CheckText>>> => "nothing is checked",
        /// The same with something changed.
        _variants as "variants": Apart<BTreeMap<String, Variant>> => "there are none",
    }
}

/// The version of the language, of which there is one. Another is read, to be told that it is another.
#[derive(Debug)]
pub(crate) enum Version {}

impl Decode for Version {
    type Value = u64;

    fn decode(node: &Node, report: &mut Report) -> Option<u64> {
        u64::decode(node, report)
    }

    fn shape() -> Shape {
        Shape::Whole { least: 1, most: 1 }
    }
}
